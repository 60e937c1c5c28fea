import type { Arrival } from '../../application/service.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { millisecond } from '../../simulation/duration.ts'
import { isLarge } from './case-size.ts'
import { withFewerMessages } from './less-work.ts'
import type { Pass } from './shrinking.ts'

const counts = [3, 5, 8, 10] as const

/** How many times as fast messages come, and how many times as long each takes; the plainest first. `Infinity`: all at once. */
const pileUps = [
  [Infinity, 1],
  [Infinity, 10],
  [Infinity, 100],
  [10, 1],
  [10, 10],
  [1, 10],
  [1, 100],
] as const

/**
 * For cases that stay large because work has to pile up first, as behind a slow disk or before a full queue: fewer messages that come faster, or all at once, and
 * that take longer to handle.
 */
export const piledUpWork: Pass = function* (current) {
  if (!isLarge(current)) return
  for (const [faster, slower] of pileUps) yield* withFewerMessages(piledUp(current, faster, slower), () => counts)
}

function piledUp(current: Scenario, faster: number, slower: number): Scenario {
  const services = current.services.map((service) => ({
    ...service,
    handling:
      service.receives.length > 0 ? { ...service.handling, takes: service.handling.takes * slower } : service.handling,
    sends: service.sends.map((spec) => {
      const { workload } = spec
      if (workload.kind === 'trace') return spec
      return { ...spec, workload: { ...workload, arrival: sooner(workload.arrival, faster, workload.messages) } }
    }),
  }))
  return { ...current, services }
}

function sooner(arrival: Arrival, faster: number, messages: number): Arrival {
  if (faster === Infinity) return { kind: 'burst', size: messages, every: millisecond }
  return arrival.kind === 'burst' ? arrival : { ...arrival, perSecond: arrival.perSecond * faster }
}
