import type { AnyFact } from '../../history/fact.ts'
import { noFact } from '../../history/fact.ts'
import { delivered, handled, handlingFailed } from '../../history/facts.ts'
import type { History } from '../../history/history.ts'
import { plainFactOf } from '../../history/plain-fact.ts'
import type { Run } from '../../run.ts'
import { factPhrase } from '../fact-phrase.ts'
import { unbreakable } from '../quantities.ts'

type TraceEvent = Readonly<Record<string, unknown>>

/**
 * A run for Perfetto and Chrome's trace viewer: a process for each node, a slice for each message that is handled, down and paused times and faults
 * as slices, every other fact as an instant, and arrows from what caused something at one node to what it caused at another. Times in µs.
 */
export function* chromeTrace(run: Run): Generator<string> {
  yield '{"displayTimeUnit":"ms","traceEvents":[\n'
  let first = true
  for (const event of eventsOf(run)) {
    yield `${first ? '' : ',\n'}${JSON.stringify(event)}`
    first = false
  }
  yield '\n]}\n'
}

function* eventsOf({ history, metrics }: Run): Generator<TraceEvent> {
  const nodes = new Map<number, number>()
  for (const fact of history) {
    if (nodes.has(fact.node)) continue
    nodes.set(fact.node, nodes.size + 1)
    yield { ph: 'M', name: 'process_name', pid: nodes.size, args: { name: history.names.text(fact.node) } }
  }
  for (const { kind, label, from, to } of metrics.bands) {
    const pid = [...nodes].find(([node]) => history.names.text(node) === label)?.[1] ?? faultsPid
    yield {
      ph: 'X',
      name: kind === 'fault' ? label : `${label} ${kind}`,
      cat: kind,
      pid,
      tid: 0,
      ts: from,
      dur: to - from,
    }
  }
  yield { ph: 'M', name: 'process_name', pid: faultsPid, args: { name: 'faults' } }
  const begun = new Map<string, AnyFact>()
  for (const fact of history) {
    const pid = nodes.get(fact.node) ?? faultsPid
    yield* slices(history, fact, pid, begun)
    yield instant(history, fact, pid)
    yield* arrow(history, fact, pid, nodes)
  }
}

/** No node has this number. */
const faultsPid = 0

function instant(history: History, fact: AnyFact, pid: number): TraceEvent {
  const kind = history.kindOf(fact.kind)
  const args = kind === undefined ? {} : plainFactOf(fact, kind, history.names)
  const name = factPhrase(history, fact).replaceAll(unbreakable, ' ')
  return {
    ph: 'i',
    s: 't',
    name,
    cat: kind?.scope ?? '',
    pid,
    tid: 1,
    ts: fact.time,
    args: { ...args, index: fact.index },
  }
}

/** From the delivery of a message to the end of its handling there. */
function* slices(history: History, fact: AnyFact, pid: number, begun: Map<string, AnyFact>): Generator<TraceEvent> {
  const key = `${fact.node} ${String(fact['message'])}`
  if (fact.kind === delivered.name) begun.set(key, fact)
  const start = begun.get(key)
  if (start === undefined || (fact.kind !== handled.name && fact.kind !== handlingFailed.name)) return
  begun.delete(key)
  const name = history.names.text(Number(fact['message']))
  const end = { pid, tid: 2, cat: 'handling', id: start.index }
  yield { ...end, ph: 'b', name, ts: start.time }
  yield { ...end, ph: 'e', name, ts: fact.time }
}

function* arrow(
  history: History,
  fact: AnyFact,
  pid: number,
  nodes: ReadonlyMap<number, number>,
): Generator<TraceEvent> {
  if (fact.cause === noFact) return
  const earlier = history.at(fact.cause)
  if (earlier.node === fact.node) return
  const flow = { name: 'caused', cat: 'cause', id: fact.index, tid: 1 }
  yield { ...flow, ph: 's', pid: nodes.get(earlier.node) ?? faultsPid, ts: earlier.time }
  yield { ...flow, ph: 'f', bp: 'e', pid, ts: fact.time }
}
