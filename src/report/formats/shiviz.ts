import { noFact } from '../../history/fact.ts'
import type { Run } from '../../run.ts'
import { factPhrase } from '../fact-phrase.ts'
import { printable } from '../paint.ts'
import { momentText, unbreakable } from '../quantities.ts'

/** What ShiViz has to be told to read the log: "log parsing regular expression". */
export const shivizExpression = String.raw`(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`

/**
 * A run as a log with vector clocks, for ShiViz: two lines for each fact, the node with its clock and what happened. A clock counts the facts of
 * each node that may have led there, by both causes.
 */
export function* shivizLog({ history }: Run): Generator<string> {
  type Clock = ReadonlyMap<string, number>
  const clocks: Clock[] = []
  const latest = new Map<string, Clock>()
  for (const fact of history) {
    const host = hostOf(history.names.text(fact.node))
    const clock = new Map(latest.get(host))
    for (const index of [fact.cause, fact.waitedFor]) {
      for (const [node, count] of index === noFact ? [] : (clocks[index] ?? []))
        clock.set(node, Math.max(count, clock.get(node) ?? 0))
    }
    clock.set(host, (latest.get(host)?.get(host) ?? 0) + 1)
    latest.set(host, clock)
    clocks[fact.index] = clock
    const text = printable(`${momentText(fact.time)} ${factPhrase(history, fact)}`).replaceAll(unbreakable, ' ')
    yield `${host} ${JSON.stringify(Object.fromEntries(clock))}\n${text}\n`
  }
}

/** ShiViz ends a host at the first space. */
function hostOf(name: string): string {
  return printable(name).replaceAll(/\s+/g, '_') || 'nobody'
}
