import type { AnyFact, Name } from '../../history/fact.ts'
import { copyStored, delivered, effectSkipped, handled, handlingFailed } from '../../history/facts.ts'
import type { History } from '../../history/history.ts'

/** A partition or queue as its clients saw it: positions across, and below each other who wrote and read which of them when. Times in µs. */
export interface LogView {
  readonly place: string
  /** The first and the last position that is shown. */
  readonly from: number
  readonly to: number
  /** The positions of what a story is about. */
  readonly marked: readonly number[]
  readonly passes: readonly Pass[]
  /** Positions and passes that are not shown. */
  readonly leftOut: { readonly positions: number; readonly passes: number }
}

/** One way of somebody through a log: it begins anew where it goes back, or reads again what it has read. */
export interface Pass {
  readonly actor: string
  readonly action: 'stored' | 'copied' | 'dropped' | 'read'
  readonly from: number
  readonly to: number
  readonly cells: readonly Cell[]
}

export interface Cell {
  readonly position: number
  readonly message: string
  readonly outcome: Outcome
}

/** What became of it there: `unfinished` where the handler never came to its end, `dropped` where a replica cut it off. */
export type Outcome = 'stored' | 'copied' | 'dropped' | 'handled' | 'failed' | 'left-out' | 'unfinished'

const positionLimit = 56
const passLimit = 30

/** The logs and queues that hold messages, those of `items` (the messages of stories) first, `limit` at most. */
export function logViews(history: History, items: readonly string[], limit: number): readonly LogView[] {
  if (!history.kept) return []
  const logs = readLogs(history)
  const wanted = new Set(items)
  const isWanted = (log: Log): boolean =>
    [...log.positions.keys()].some((message) => wanted.has(history.names.text(message)))
  const ordered = [...logs.values()]
    .filter(({ passes, reads }) => passes.length > 0 && reads > 0)
    .toSorted((one, other) => Number(isWanted(other)) - Number(isWanted(one)) || other.reads - one.reads)
  return ordered.slice(0, limit).map((log) => viewOf(history, log, wanted))
}

interface Log {
  readonly place: string
  /** Where each message is, in the order of its copies. */
  readonly positions: Map<Name, number[]>
  readonly passes: {
    readonly actor: string
    readonly action: Pass['action']
    from: number
    to: number
    readonly cells: OpenCell[]
  }[]
  next: number
  reads: number
}

interface OpenCell {
  readonly position: number
  readonly message: Name
  outcome: Outcome
}

function readLogs(history: History): ReadonlyMap<string, Log> {
  const logs = new Map<string, Log>()
  const known = knownPositions(history)
  const reading = new Map<string, OpenCell>()
  let copied = 0
  const logAt = (place: string): Log => {
    const log = logs.get(place) ?? { place, positions: new Map<Name, number[]>(), passes: [], next: 0, reads: 0 }
    logs.set(place, log)
    return log
  }
  for (const fact of history) {
    const message = Number(fact['message'])
    switch (fact.kind) {
      case copyStored.name: {
        const log = logAt(history.names.text(Number(fact['place'])))
        const copies = log.positions.get(message) ?? []
        const position = known.get(`${log.place} ${message}`)?.[copies.length] ?? log.next
        log.positions.set(message, [...copies, position])
        log.next = position + 1
        add(log, history.names.text(fact.node), 'stored', fact.time, { position, message, outcome: 'stored' })
        break
      }
      case delivered.name: {
        const log = logAt(placeOf(history, fact))
        const position = Number(fact['position']) >= 0 ? Number(fact['position']) : log.positions.get(message)?.at(-1)
        if (position === undefined) break
        const cell: OpenCell = { position, message, outcome: 'unfinished' }
        log.reads++
        reading.set(attemptKey(fact), cell)
        add(log, history.names.text(fact.node), 'read', fact.time, cell)
        break
      }
      default: {
        for (const { place, action, from, to } of replicaChange(history, fact)) {
          const log = logAt(place)
          const actor = history.names.text(fact.node)
          for (let position = from; position < to && copied++ < mostCopied; position++)
            add(log, actor, action, fact.time, { position, message: noMessage, outcome: action })
        }
        const outcome = outcomes.get(fact.kind)
        const cell = outcome === undefined ? undefined : reading.get(attemptKey(fact))
        if (cell !== undefined && outcome !== undefined && cell.outcome !== 'left-out') cell.outcome = outcome
      }
    }
  }
  return logs
}

/** So many positions that replicas copied or dropped are looked at; a picture shows a few of them. */
const mostCopied = 500_000

const noMessage: Name = -1

interface ReplicaChange {
  readonly place: string
  readonly action: 'copied' | 'dropped'
  readonly from: number
  readonly to: number
}

/** What a replica did to its copy of a log, by what products call such facts: it took records over up to an offset, or cut some off behind one. */
function replicaChange(history: History, fact: AnyFact): readonly ReplicaChange[] {
  const fields = history.kindOf(fact.kind)?.fields
  if (fields?.['partition'] !== 'name' || fields['offset'] !== 'int' || fields['messages'] !== 'int') return []
  const place = history.names.text(Number(fact['partition']))
  const [offset, messages] = [Number(fact['offset']), Number(fact['messages'])]
  if (/truncated|dropped/.test(fact.kind)) return [{ place, action: 'dropped', from: offset, to: offset + messages }]
  return /replicated|copied/.test(fact.kind) ? [{ place, action: 'copied', from: offset - messages, to: offset }] : []
}

const outcomes: ReadonlyMap<string, Outcome> = new Map([
  [handled.name, 'handled'],
  [handlingFailed.name, 'failed'],
  [effectSkipped.name, 'left-out'],
])

/** Where a log says itself at which position a message was read; several, in the order of time, where it was stored several times. */
function knownPositions(history: History): ReadonlyMap<string, readonly number[]> {
  const known = new Map<string, number[]>()
  for (const fact of history) {
    if (fact.kind !== delivered.name || Number(fact['position']) < 0) continue
    const key = `${placeOf(history, fact)} ${Number(fact['message'])}`
    const positions = known.get(key) ?? []
    if (!positions.includes(Number(fact['position'])))
      known.set(
        key,
        [...positions, Number(fact['position'])].toSorted((one, other) => one - other),
      )
  }
  return known
}

/** A queue is its own channel; a partition is a part of one. */
function placeOf(history: History, fact: AnyFact): string {
  const channel = history.names.text(Number(fact['channel']))
  const partition = history.names.text(Number(fact['partition']))
  return partition === '' || channel.endsWith(`/${partition}`) ? channel : `${channel}/${partition}`
}

function attemptKey(fact: AnyFact): string {
  return `${Number(fact['service'])} ${Number(fact['message'])} ${Number(fact['attempt'])}`
}

/** To the last pass of this actor, or to a new one where it does not go forward. */
function add(log: Log, actor: string, action: Pass['action'], time: number, cell: OpenCell): void {
  const last = log.passes.findLast((pass) => pass.actor === actor && pass.action === action)
  if (last !== undefined && (last.cells.at(-1)?.position ?? -1) < cell.position) {
    last.cells.push(cell)
    last.to = time
  } else log.passes.push({ actor, action, from: time, to: time, cells: [cell] })
}

/** The part around what a story is about, or the beginning. */
function viewOf(history: History, { place, positions, passes }: Log, wanted: ReadonlySet<string>): LogView {
  const marked = [...positions].flatMap(([message, copies]) => (wanted.has(history.names.text(message)) ? copies : []))
  // Passes may be too long to be the arguments of one call.
  const most = passes.reduce((high, { cells }) => Math.max(high, cells.at(-1)?.position ?? 0), 0)
  const centre = marked[0] ?? 0
  const from = Math.max(0, Math.min(centre - Math.floor(positionLimit / 2), most - positionLimit + 1))
  const to = Math.min(most, from + positionLimit - 1)
  const inside = passes
    .map((pass) => ({ ...pass, cells: pass.cells.filter(({ position }) => position >= from && position <= to) }))
    .filter(({ cells }) => cells.length > 0)
  // Replicas stand side by side, above those who read.
  const ordered = inside.toSorted((one, other) => Number(one.action === 'read') - Number(other.action === 'read'))
  const names = new Map([...positions].flatMap(([message, copies]) => copies.map((copy) => [copy, message] as const)))
  const shown = ordered.slice(0, passLimit).map(({ cells, ...pass }) => ({
    ...pass,
    cells: cells.map(({ position, message, outcome }) => {
      const named = message === noMessage ? names.get(position) : message
      return { position, message: named === undefined ? '' : history.names.text(named), outcome }
    }),
  }))
  const leftOut = { positions: most + 1 - (to - from + 1), passes: passes.length - shown.length }
  return {
    place,
    from,
    to,
    marked: [...new Set(marked)].filter((position) => position >= from && position <= to),
    passes: shown,
    leftOut,
  }
}
