import type { ConfigurationFile, FileReading, ReadOption } from '../../configuration-file.ts'
import { emptyReading } from '../../configuration-file.ts'
import type { Command } from '../core/command.ts'
import { readDefinitions } from '../core/definitions.ts'
import type { FieldTable } from '../core/field-table.ts'
import { administratorChannel } from '../server/planned-topology.ts'
import { fieldPairsOf } from './field-pairs.ts'
import { queueTable } from './queue-table.ts'

/** The export of the management plugin, which stands for the queues, exchanges, bindings and policies of a system. */
export const definitionsFile: ConfigurationFile = {
  key: 'definitions',
  summary: "A definitions.json, as RabbitMQ's management plugin exports it.",
  read: importDefinitions,
}

/** What a `definitions.json` says of the virtual host `/`, as settings of a system. Users and their secrets are not looked at. */
export function importDefinitions(text: string): FileReading {
  const json = parsedJson(text)
  if (json === undefined) return refusedFile('is no JSON')
  const definitions = readDefinitions(json, administratorChannel)
  if (typeof definitions === 'string') return refusedFile(`is no export of definitions: ${definitions}`)
  const { commands, withoutMeaning, missing } = definitions
  const parts = withoutMeaning.map(namedReason)
  return {
    ...emptyReading,
    options: commands.flatMap(optionsOf),
    withoutMeaning: [...parts.filter(({ name }) => !isSecret(name)), ...commands.flatMap(argumentsWithoutMeaning)],
    missing: missing.map((what) => `The file does not contain the ${what}.`),
    credentials: parts.map(({ name }) => name).filter(isSecret),
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refusedFile(why: string): FileReading {
  return { ...emptyReading, problems: [{ message: `the file ${why}` }] }
}

/** `queue orders: it is elsewhere` as a name and a sentence. */
function namedReason(text: string): { readonly name: string; readonly reason: string } {
  const end = text.indexOf(': ')
  return end < 0 ? { name: text, reason: '' } : { name: text.slice(0, end), reason: text.slice(end + 2) }
}

function isSecret(name: string): boolean {
  return /^(users|permissions|topic_permissions)\b/.test(name)
}

function optionsOf(command: Command): readonly ReadOption[] {
  switch (command.kind) {
    case 'set-policy': {
      const { name, pattern, applyTo, priority, definition } = command.policy
      const value = { pattern, 'apply-to': applyTo, priority, definition }
      return [{ path: ['policies', name], value }]
    }
    case 'declare-exchange': {
      const { name, type = 'direct', durable = true, autoDelete = false, internal = false } = command
      const alternate = command.arguments?.['alternate-exchange']
      const named = typeof alternate === 'string' ? { 'alternate-exchange': alternate } : {}
      return [{ path: ['exchanges', name], value: { type, durable, auto_delete: autoDelete, internal, ...named } }]
    }
    case 'declare-queue': {
      const { name, durable = true, autoDelete = false } = command
      return [
        { path: ['queues', name], value: { durable, auto_delete: autoDelete, ...known(command.arguments ?? {}) } },
      ]
    }
    case 'bind': {
      const { source, destination, key, arguments: declared = {} } = command
      const name = `${source} to ${destination.kind} ${destination.name} by ${JSON.stringify([key, declared])}`
      const ends = { source, destination: destination.name, destination_type: destination.kind, routing_key: key }
      return [{ path: ['bindings', name], value: { ...ends, arguments: fieldPairsOf(declared) } }]
    }
    default:
      return []
  }
}

function isKnown(argument: string): boolean {
  return Object.hasOwn(queueTable, argument)
}

function known(declared: FieldTable): FieldTable {
  return Object.fromEntries(Object.entries(declared).filter(([name]) => isKnown(name)))
}

/** Arguments that the server takes and that change nothing that can be seen here. */
function argumentsWithoutMeaning(command: Command): readonly { readonly name: string; readonly reason: string }[] {
  if (command.kind !== 'declare-queue') return []
  return Object.keys(command.arguments ?? {})
    .filter((name) => silentArguments.includes(name))
    .map((name) => ({ name: `queue ${command.name}: ${name}`, reason: 'it says how the server stores the queue' }))
}

const silentArguments: readonly string[] = ['x-queue-mode', 'x-queue-version', 'x-queue-master-locator']
