import type { AnyFact } from '../../history/fact.ts'
import * as facts from '../../history/facts.ts'
import type { Run } from '../../run.ts'
import type { Gap, Lane, LinkBand } from './diagram.ts'

type History = Run['history']

/** The nodes of these facts from left to right: who sends, the systems, who receives, the stores. */
export function laneNames({ scenario }: Pick<Run, 'scenario'>, nodes: readonly string[]): readonly string[] {
  const rank = (node: string): number => {
    const service = scenario.services.find(({ name }) => belongs(node, name))
    if (Object.keys(scenario.stores).some((name) => belongs(node, name))) return 3
    if (service === undefined) return 1
    return service.receives.length > 0 ? 2 : 0
  }
  const known = [...new Set(nodes)].filter((node) => node !== nobody)
  return known.toSorted((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
}

/** What belongs to no node is recorded under this name. */
export const nobody = 'run'

function belongs(node: string, name: string): boolean {
  return node === name || (node.startsWith(`${name}-`) && /^-[\w-]*\d$/.test(node.slice(name.length)))
}

/** The lanes of these nodes with the times in which they were down or paused. */
export function lanesOf(history: History, names: readonly string[], end: number): readonly Lane[] {
  const gaps = new Map(names.map((name) => [name, new Array<Gap>()]))
  const open = new Map<string, Omit<Gap, 'to'>>()
  const close = (node: string, to: number): void => {
    const gap = open.get(node)
    if (gap !== undefined) gaps.get(node)?.push({ ...gap, to })
    open.delete(node)
  }
  for (const fact of history) {
    const change = changes.get(fact.kind)
    if (change === undefined) continue
    const node = history.names.text(fact.node)
    close(node, fact.time)
    if (change !== 'up') open.set(node, { kind: change, from: fact.time })
  }
  for (const node of open.keys()) close(node, end)
  return names.map((name) => ({ name, gaps: gaps.get(name) ?? [] }))
}

const changes: ReadonlyMap<string, Gap['kind'] | 'up'> = new Map([
  [facts.nodeStarted.name, 'up'],
  [facts.nodeResumed.name, 'up'],
  [facts.nodeCrashed.name, 'down'],
  [facts.nodeLostPower.name, 'down'],
  [facts.nodeStopped.name, 'down'],
  [facts.nodePaused.name, 'paused'],
])

/** The faults that are about more than one node, or about none of them: those of the network and of disks. */
export function linkBands(history: History, lanes: readonly string[], end: number): readonly LinkBand[] {
  const bands: LinkBand[] = []
  const open = new Map<number, AnyFact>()
  const stopping = new Set<number>()
  const close = (number: number, to: number): void => {
    const struck = open.get(number)
    open.delete(number)
    if (struck === undefined || stopping.has(struck.index)) return
    const text = (field: string): string => history.names.text(Number(struck[field]))
    const targets = text('target').split(', ')
    const touched = lanes.flatMap((name, lane) =>
      targets.some((target) => name === target || belongs(name, target)) ? [lane] : [],
    )
    if (touched.length > 0) bands.push({ label: text('action'), lanes: touched, from: struck.time, to })
  }
  for (const fact of history) {
    if (fact.kind === facts.faultStruck.name) open.set(Number(fact['fault']), fact)
    if (fact.kind === facts.faultEnded.name) close(Number(fact['fault']), fact.time)
    // A fault that stops a node shows as a gap of its lane.
    if (changes.has(fact.kind) && fact.cause >= 0) stopping.add(fact.cause)
  }
  for (const number of open.keys()) close(number, end)
  return bands
}
