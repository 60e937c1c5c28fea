import { submitted } from '../../history/facts.ts'
import type { Run } from '../../run.ts'
import type { Fault } from '../../simulation/fault.ts'
import { withFaults } from './fewer-faults.ts'
import { brokenMessages } from './identity.ts'
import { numberIn, withMessages, withMessageNumber } from './less-work.ts'
import type { Pass } from './shrinking.ts'

const counts = [1, 2, 3] as const

/** How many of the broken messages are tried. */
const mostMessages = 2

/**
 * A broken message alone, or with one or two behind it, in the place of the first: what strikes at a time is as far from it as it was, and what waits for a message
 * waits for the one that is as far from it.
 */
export const loneMessage: Pass = function* (current, run) {
  const sends = current.services.flatMap((service) => [...service.sends, ...service.asks])
  const names = sends.map(({ name }) => name)
  const sent = submissionTimes(run)
  for (const message of [...brokenMessages(run)].slice(0, mostMessages))
    for (const name of names) {
      const number = numberIn(message, name) ?? 0
      const begun = sent.get(`${name}-0`)
      const time = sent.get(`${name}-${number}`)
      if (number === 0 || begun === undefined || time === undefined) continue
      const faults = current.faults.map((fault) => asFarFrom(fault, name, number, time - begun))
      for (const count of counts) yield withFaults(withMessages(current, count), faults)
    }
}

function asFarFrom(fault: Fault, name: string, number: number, sooner: number): Fault {
  const { strikes } = fault
  if ('at' in strikes) return { ...fault, strikes: { at: Math.max(0, strikes.at - sooner) } }
  const { message } = strikes.when.values
  const other = typeof message === 'string' ? numberIn(message, name) : undefined
  return other === undefined ? fault : withMessageNumber(fault, name, other, Math.max(0, other - number))
}

/** When each message was sent first. */
function submissionTimes({ history }: Run): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const fact of history) {
    if (fact.kind !== submitted.name) continue
    const message = history.names.text(Number(fact['message']))
    if (!times.has(message)) times.set(message, fact.time)
  }
  return times
}
