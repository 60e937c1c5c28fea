import { stringify } from 'yaml'
import { catalogue } from '../../pipeline/catalogue.ts'
import { buildWorld } from '../../pipeline/simulate.ts'
import { stringifyScenario, toDocument } from '../../scenario/document.ts'
import { parseScenario } from '../../scenario/parse-scenario.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { checkTargets } from '../../scenario/target-places.ts'
import type { Pass } from './shrinking.ts'

type Path = readonly string[]

/**
 * The scenario without something that the case does not need: a service, a store, links, a way in or out of a service; and fewer partitions.
 * Options stay as they are: what breaks under others says nothing about these.
 */
export const shorterFile: Pass = function* (current) {
  const document = toDocument(current, catalogue)
  for (const path of pathsIn(document, [])) {
    const without = isPart(path) ? reread(current, changed(document, path, undefined)) : undefined
    if (without !== undefined) yield without
    const value = valueAt(document, path)
    if (typeof value !== 'number' || !isCountOfParts(path)) continue
    for (const fewer of new Set([1, value >> 1])) {
      const smaller = fewer >= 1 && fewer < value ? reread(current, changed(document, path, fewer)) : undefined
      if (smaller !== undefined) yield smaller
    }
  }
}

function isPart([part, , what, ...rest]: Path): boolean {
  if (part === 'network' || part === 'settle') return true
  if (part === 'systems' || part === 'stores') return what === undefined
  return part === 'services' && (what === undefined || (rest.length <= 1 && waysInAndOut.has(what)))
}

const waysInAndOut: ReadonlySet<string> = new Set(['sends', 'receives', 'forwards', 'asks', 'replies'])

function isCountOfParts(path: Path): boolean {
  return path[0] === 'systems' && /partition|shard/i.test(path.at(-1) ?? '')
}

/** The paths of a document from the outside in. */
function* pathsIn(value: unknown, path: Path): Generator<Path> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) yield* pathsIn(inner, [...path, name])
}

function valueAt(value: unknown, [name, ...rest]: Path): unknown {
  if (name === undefined) return value
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return valueAt(entries.find(([key]) => key === name)?.[1], rest)
}

/** The document with another value at a path; nothing takes the entry away. */
function changed(value: unknown, [name, ...rest]: Path, replacement: unknown): unknown {
  if (name === undefined) return replacement
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]): readonly [string, unknown] => [
    key,
    key === name ? changed(inner, rest, replacement) : inner,
  ])
  const left = entries.filter(([, inner]) => inner !== undefined)
  return Array.isArray(value) ? left.map(([, inner]) => inner) : Object.fromEntries(left)
}

/** The scenario as a file in which no line says what is so anyway. */
export function shortestText(scenario: Scenario): string {
  const meant = JSON.stringify(fromFile(scenario))
  let document: unknown = toDocument(scenario, catalogue)
  for (const path of [...pathsIn(document, [])]) {
    if (!mayBeLeftOut.has(path[0] ?? '') || valueAt(document, path) === undefined) continue
    const without = changed(document, path, undefined)
    if (JSON.stringify(reread(scenario, without)) === meant) document = without
  }
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
}

const mayBeLeftOut: ReadonlySet<string> = new Set(['systems', 'stores', 'services', 'network', 'settle'])

function reread(current: Scenario, document: unknown): Scenario | undefined {
  return parsed(stringify(document, { aliasDuplicateObjects: false }), current.name)
}

/** A scenario as it comes back from its file. */
function fromFile(scenario: Scenario): Scenario | undefined {
  return parsed(stringifyScenario(scenario, catalogue), scenario.name)
}

/** The scenario of a text that is right, its targets included; nothing for any other. */
export function parsed(text: string, name: string, set: readonly string[] = []): Scenario | undefined {
  const result = parseScenario(text, catalogue, { file: name, name, set })
  if (!result.ok) return undefined
  const { world } = buildWorld(result.scenario)
  const problems = checkTargets(result.targets, (expression) => world.targets.unknown(expression))
  return problems.length === 0 ? result.scenario : undefined
}
