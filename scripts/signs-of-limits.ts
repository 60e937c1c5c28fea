/**
 * What a run shows of a limit that broke it, where the kind of the failure does not tell it from something else: see `mended-limits.ts`. Each is held in
 * the tests to a run that has the sign and, where there is one, to a run that has not.
 */
import type { AnyFact } from '../src/history/fact.ts'
import type { Run } from '../src/run.ts'
import { second } from '../src/simulation/duration.ts'

/** No group had committed anything when a consumer began where its reset policy says. */
export function beforeTheFirstCommit({ history }: Run): boolean {
  const facts = [...history]
  const reset = facts.findLast(({ kind }) => kind === 'position-reset')
  return reset !== undefined && !facts.some(({ kind, index }) => kind === 'offset-committed' && index < reset.index)
}

/** Nobody of the in-sync set was left, and a replica was elected that lacked what they had. */
export function electedUncleanly({ history }: Run): boolean {
  const unclean = history.names.intern('unclean')
  return [...history].some((fact) => fact.kind === 'leader-elected' && fact['election'] === unclean)
}

/**
 * Whoever applied an effect again had been handed the very same record of a log again, and nobody had committed an offset behind it meanwhile: no
 * second copy, and nothing that was committed came back.
 */
export function cameAgainUncommitted({ history }: Run): boolean {
  const facts = [...history]
  const latest = new Map<unknown, AnyFact>()
  for (const effect of facts.filter(({ kind }) => kind === 'effect-applied')) {
    const before = latest.get(effect['message'])
    latest.set(effect['message'], effect)
    if (before === undefined) continue
    const record = handedFor(effect, facts)
    const earlier = handedFor(before, facts)
    if (record === undefined || earlier === undefined) return false
    if (record['position'] !== earlier['position'] || record['partition'] !== earlier['partition']) return false
    const partition = `/${history.names.text(Number(record['partition']))}`
    const isBehind = (fact: AnyFact): boolean =>
      fact.kind === 'offset-committed' &&
      history.names.text(Number(fact['partition'])).endsWith(partition) &&
      Number(fact['offset']) > Number(record['position'])
    if (facts.slice(before.index, effect.index).some(isBehind)) return false
  }
  return true
}

/** The delivery that an effect comes from. */
function handedFor({ message, attempt }: AnyFact, facts: readonly AnyFact[]): AnyFact | undefined {
  return facts.find((fact) => fact.kind === 'delivered' && fact['message'] === message && fact['attempt'] === attempt)
}

/** More than so many faults held at the same time: more than the schedule has. */
export const moreAtOnceThan =
  (count: number) =>
  ({ history }: Run): boolean => {
    const held = new Set<unknown>()
    return [...history].some(({ kind, ...fact }) => {
      if (kind === 'fault-struck') held.add(fact['fault'])
      else if (kind === 'fault-ended') held.delete(fact['fault'])
      return held.size > count
    })
  }

/** Some node stood still for longer than that, in one piece or with less than a second between two pauses. */
export const stoodStillLongerThan =
  (duration: number) =>
  ({ history }: Run): boolean => {
    const since = new Map<number, number>()
    const until = new Map<number, number>()
    return [...history].some(({ kind, node, time }) => {
      if (kind === 'node-paused' && time - (until.get(node) ?? -Infinity) > second) since.set(node, time)
      if (kind === 'node-resumed') until.set(node, time)
      return kind === 'node-resumed' && time - (since.get(node) ?? time) > duration
    })
  }

/**
 * Whatever was put into a queue more often than once was put there again only so long after the time before: within it, whatever came twice was handed
 * out twice. A copy that the queue knew and dropped does not count.
 */
export const acceptedAgainOnlyAfter =
  (duration: number) =>
  ({ history }: Run): boolean => {
    const dropped = history.names.intern('dropped')
    const facts = [...history]
    const refused = new Set(
      facts.filter(({ kind, ...fact }) => kind === 'copy-ended' && fact['reason'] === dropped).map(({ copy }) => copy),
    )
    const latest = new Map<unknown, number>()
    return facts
      .filter(({ kind, copy }) => kind === 'copy-stored' && !refused.has(copy))
      .every(({ message, time }) => {
        const before = latest.get(message) ?? -Infinity
        latest.set(message, time)
        return time - before > duration
      })
  }

/** Some subscriber was not there yet, or not any more, when the first message was sent. */
export function subscribedLate({ history }: Run): boolean {
  const facts = [...history]
  const first = facts.find(({ kind }) => kind === 'submitted')?.time ?? 0
  return facts.some(({ kind, time }) => kind === 'subscribed' && time > first)
}

/** A group was made when something had been sent already. */
export function groupCameLate({ history }: Run): boolean {
  const facts = [...history]
  const first = facts.find(({ kind }) => kind === 'submitted')?.time ?? 0
  const made = facts.find(({ kind }) => kind === 'group-created')?.time ?? Infinity
  return made > first
}

/** A server put a write off, since its disk was at work on an earlier one, and kept it in the memory of its process. */
export function wasPutOff({ history }: Run): boolean {
  return [...history].some(({ kind }) => kind === 'write-postponed')
}

/** All brokers that were in sync for a partition of `events` were without power at once: what no disk had was gone, whoever had committed it. */
export function allInSyncWithoutPower({ history }: Run): boolean {
  const inSync = new Map<unknown, readonly string[]>()
  const dark = new Set<string>()
  return [...history].some((fact) => {
    const broker = /^events-(\d+)$/.exec(history.names.text(fact.node))?.[1] ?? ''
    if (fact.kind === 'isr-changed') inSync.set(fact['partition'], history.names.text(Number(fact['isr'])).split(', '))
    else if (fact.kind === 'node-lost-power') dark.add(broker)
    else if (fact.kind === 'node-started') dark.delete(broker)
    return [...inSync.values()].some((brokers) => brokers.every((each) => dark.has(each)))
  })
}

/** Nobody was in sync any more, and whoever had been the last was elected, after it had lost its power with what it had not written. */
export function electedWithoutItsMemory({ history }: Run): boolean {
  const lastKnown = history.names.intern('last-known')
  const forgetful = new Set<string>()
  return [...history].some((fact) => {
    if (fact.kind === 'node-lost-power') forgetful.add(history.names.text(fact.node))
    if (fact.kind !== 'leader-elected' || fact['election'] !== lastKnown) return false
    return forgetful.has(history.names.text(Number(fact['leader'])))
  })
}

/** Whoever was asked by a consumer had a shorter log than the consumer had read, and the consumer began again as its reset policy says. */
export function outOfRange({ history }: Run): boolean {
  const reason = history.names.intern('its offset was out of range')
  return [...history].some((fact) => fact.kind === 'position-reset' && fact['reason'] === reason)
}

/** A node of this name crashed. */
export const crashed =
  (name: string) =>
  ({ history }: Run): boolean =>
    [...history].some(({ kind, node }) => kind === 'node-crashed' && history.names.text(node).startsWith(name))

/** A node of this name lost its power. */
export const lostItsPower =
  (name: string) =>
  ({ history }: Run): boolean =>
    [...history].some(({ kind, node }) => kind === 'node-lost-power' && history.names.text(node).startsWith(name))

/** Whoever applied an effect again had been handed the message later than whoever had applied it before: no holder wrote behind a later one. */
export function onlyHandedOutAgain({ history }: Run): boolean {
  const latest = new Map<unknown, number>()
  const effects = [...history].filter(({ kind }) => kind === 'effect-applied')
  for (const { message, attempt } of effects) {
    if (Number(attempt) <= (latest.get(message) ?? 0)) return false
    latest.set(message, Number(attempt))
  }
  return true
}

/** Whatever was billed again had not been noted, or came back when nobody had sent anything for as long as the set of one-end-for-all lives. */
export function onlyUnnotedOrOverdue({ history }: Run): boolean {
  const facts = [...history]
  const handling = ({ message, attempt }: (typeof facts)[number]): string => `${String(message)} ${String(attempt)}`
  const noted = new Set(facts.filter(({ kind }) => kind === 'handled').map(handling))
  const lastSent = facts.findLast(({ kind }) => kind === 'submitted')?.time ?? 0
  const first = new Map<unknown, string>()
  for (const fact of facts.filter(({ kind }) => kind === 'effect-applied')) {
    const before = first.get(fact['message'])
    if (before === undefined) first.set(fact['message'], handling(fact))
    else if (noted.has(before) && fact.time <= lastSent + 10 * second) return false
  }
  return true
}
