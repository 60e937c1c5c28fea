import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { SettingProblem, Use } from '../system.ts'
import { isAtLeast, versions } from './core/version.ts'
import type { Version } from './core/version.ts'
import type { ConnectionValues } from './options/client-table.ts'
import { consumerValues, producerValues } from './options/client-values.ts'
import { systemTable } from './options/system-table.ts'
import type { Place, Topology } from './options/topology.ts'
import { topologyOf } from './options/topology.ts'
import { outputLimitIn, saveRulesIn } from './server/server-settings.ts'

/** What contradicts itself in the options of a system, and uses of addresses or options that are not there. */
export function problemsOf(settings: Settings, uses: readonly Use[], version: string): readonly SettingProblem[] {
  const topology = topologyOf(settings)
  const named = versions.find((known) => known === version) ?? '8.8'
  return [
    ...sharedNames(settings),
    ...serverProblems(settings),
    ...uses.flatMap((use) => useProblems(use, settings, topology, named)),
  ]
}

function sharedNames(settings: Settings): readonly SettingProblem[] {
  const { streams, lists, channels } = valuesOf(systemTable, settings)
  return [
    ...twice('lists', lists, Object.keys(streams)),
    ...twice('channels', channels, [...Object.keys(streams), ...Object.keys(lists)]),
  ]
}

function twice(map: string, names: object, taken: readonly string[]): readonly SettingProblem[] {
  return Object.keys(names)
    .filter((name) => taken.includes(name))
    .map((name) => ({
      path: [map, name],
      message: `${name} is declared twice: an address is a stream, a list or a channel`,
      suggestion: 'give one of them another name',
    }))
}

function serverProblems(settings: Settings): readonly SettingProblem[] {
  const values = valuesOf(systemTable, settings)
  const problems: SettingProblem[] = []
  if (saveRulesIn(values.save) === undefined)
    problems.push({
      path: ['save'],
      message: `${values.save} is no list of pairs of seconds and writes`,
      suggestion: '3600 1 300 100 60 10000',
    })
  for (const who of ['pubsub', 'replica'] as const) {
    const text = values['client-output-buffer-limit'][who]
    if (outputLimitIn(text) === undefined)
      problems.push({
        path: ['client-output-buffer-limit', who],
        message: `${text} is no limit: a hard one, a soft one, and the seconds of the soft one`,
        suggestion: '32mb 8mb 60',
      })
  }
  if (values.sentinels > 0 && values.quorum > values.sentinels)
    problems.push({
      path: ['quorum'],
      message: `a quorum of ${values.quorum} is never reached by ${values.sentinels} Sentinels`,
      suggestion: String(Math.floor(values.sentinels / 2) + 1),
    })
  if (values.sentinels > 0 && values.replicas === 0)
    problems.push({
      path: ['sentinels'],
      message: 'there is no replica that could become the master',
      suggestion: 'replicas: 2',
    })
  if (values['min-replicas-to-write'] > values.replicas)
    problems.push({
      path: ['min-replicas-to-write'],
      message: `there are never ${values['min-replicas-to-write']} replicas, so that nothing could be written`,
      suggestion: `replicas: ${values['min-replicas-to-write']}`,
    })
  for (const [place, priority] of values['replica-priority'].entries())
    if (!/^\d+$/.test(priority))
      problems.push({ path: ['replica-priority', place], message: `${priority} is no priority`, suggestion: '100' })
  return problems
}

/** Which options belong to which kind of place. */
const optionsOf: Readonly<Record<Place, ReadonlySet<string>>> = {
  channel: new Set(),
  list: new Set([
    'push',
    'enqueue',
    'take',
    'processing',
    'claims',
    'visibility_ms',
    'reaper',
    'reap-interval',
    'block',
  ]),
  stream: new Set([
    'maxlen',
    'trim',
    'references',
    'idempotency',
    'content',
    'pid',
    'read',
    'start',
    'position',
    'read-pending',
    'noack',
    'block',
    'consumer',
    'min-idle-time',
    'claim-interval',
    'claim-with',
    'keep-claimed',
    'check-owner',
    'max-deliveries',
    'dead-letter',
    'nack',
    'delete-on-close',
    'group-gone',
  ]),
}

const allPlaceOptions = new Set([...optionsOf.list, ...optionsOf.stream])

function useProblems(use: Use, settings: Settings, topology: Topology, version: Version): readonly SettingProblem[] {
  const place = topology.places.get(use.address)
  if (place === undefined) return [addressProblem(use, topology)]
  return [...misplaced(use, place), ...tooNew(use, version), ...contradictions(use), ...withoutFile(use, settings)]
}

/** A server refuses to wait for a file that it does not write. */
function withoutFile(use: Use, settings: Settings): readonly SettingProblem[] {
  const option = 'waitaof.numlocal'
  if (use.role !== 'producer' || producerValues(use.settings)[option] === 0) return []
  if (valuesOf(systemTable, settings).appendonly) return []
  return [{ use, path: [option], message: 'the server writes no append-only file', suggestion: 'appendonly: true' }]
}

function addressProblem(use: Use, { places }: Topology): SettingProblem {
  const known = [...places.keys()]
  return {
    use,
    path: ['address'],
    message: `there is no stream, list or channel ${use.address}`,
    suggestion:
      known.length === 0 ? `declare it: streams: { ${use.address}: {} }` : `one of ${known.join(', ')}, or declare it`,
  }
}

function misplaced(use: Use, place: Place): readonly SettingProblem[] {
  return use.settings.explicit
    .filter((option) => allPlaceOptions.has(option) && !optionsOf[place].has(option))
    .map((option) => ({
      use,
      path: [option],
      message: `${option} means nothing for a ${place}`,
      suggestion: 'leave it out',
    }))
}

function tooNew(use: Use, version: Version): readonly SettingProblem[] {
  const wanted: (readonly [string, Version])[] = []
  if (use.role === 'producer') {
    const values = producerValues(use.settings)
    if (values.references !== 'KEEPREF') wanted.push(['references', '8.2'])
    if (values.idempotency !== 'none') wanted.push(['idempotency', '8.6'])
    if (values['waitaof.numlocal'] > 0) wanted.push(['waitaof.numlocal', '7.2'])
  } else {
    const values = consumerValues(use.settings)
    if (values['claim-with'] === 'CLAIM') wanted.push(['claim-with', '8.4'])
    if (values.nack !== 'none') wanted.push(['nack', '8.8'])
  }
  return wanted
    .filter(([, since]) => !isAtLeast(version, since))
    .map(([option, since]) => ({
      use,
      path: [option],
      message: `Redis ${version} does not know it: it came with ${since}`,
      suggestion: `version: '${since}'`,
    }))
}

/** An option, whether what it needs is there, and what that would be. */
type Need = readonly [option: string, isMet: boolean, suggestion: string]

function contradictions(use: Use): readonly SettingProblem[] {
  const needs = use.role === 'producer' ? needsOfProducer(use) : needsOfConsumer(use)
  return needs
    .filter(([option, isMet]) => use.settings.explicit.includes(option) && !isMet)
    .map(([option, , suggestion]) => ({
      use,
      path: [option],
      message: `${option} means nothing without ${/\d/.test(suggestion) ? suggestion.split(':')[0] : suggestion}`,
      suggestion,
    }))
}

function needsOfConnection({ client }: ConnectionValues): readonly Need[] {
  return [
    ['autoResendUnfulfilledCommands', client === 'ioredis', 'client: ioredis'],
    ['maxRetriesPerRequest', client === 'ioredis', 'client: ioredis'],
    ['retries', client === 'redis-py', 'client: redis-py'],
  ]
}

function needsOfProducer({ settings }: Use): readonly Need[] {
  const values = producerValues(settings)
  const waits = values['wait.numreplicas'] > 0 || values['waitaof.numlocal'] > 0
  return [
    ...needsOfConnection(values),
    ['trim', values.maxlen !== null, 'maxlen: 1000'],
    ['references', values.maxlen !== null, 'maxlen: 1000'],
    ['content', values.idempotency === 'IDMPAUTO', 'idempotency: IDMPAUTO'],
    ['pid', values.idempotency !== 'none', 'idempotency: IDMP'],
    ['wait.timeout', waits, 'wait.numreplicas: 1'],
  ]
}

function needsOfConsumer({ settings }: Use): readonly Need[] {
  const values = consumerValues(settings)
  return [
    ...needsOfConnection(values),
    ['visibility_ms', values.take === 'BLMOVE', 'take: BLMOVE'],
    ['processing', values.take === 'BLMOVE', 'take: BLMOVE'],
    ['claims', values.take === 'BLMOVE', 'take: BLMOVE'],
    ['reaper', values['visibility_ms'] !== null, 'visibility_ms: 30s'],
    ['reap-interval', values['visibility_ms'] !== null, 'visibility_ms: 30s'],
    ['claim-interval', values['min-idle-time'] !== null, 'min-idle-time: 60s'],
    ['claim-with', values['min-idle-time'] !== null, 'min-idle-time: 60s'],
    ['position', values.read === 'XREAD', 'read: XREAD'],
    ['min-idle-time', values.read === 'XREADGROUP', 'read: XREADGROUP'],
    ['noack', values.read === 'XREADGROUP', 'read: XREADGROUP'],
  ]
}
