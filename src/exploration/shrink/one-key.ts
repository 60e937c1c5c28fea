import type { Scenario } from '../../scenario/scenario.ts'
import { isLarge } from './case-size.ts'
import { handfulOfMessages } from './less-work.ts'
import type { Pass } from './shrinking.ts'

/** For cases that stay large since messages of one key are far apart: a handful of messages with one key. */
export const oneKey: Pass = function* (current, run) {
  const sends = current.services.flatMap((service) => service.sends)
  const hasMore = sends.some(({ workload }) => workload.kind !== 'trace' && workload.keys > 1)
  if (hasMore && isLarge(current)) yield* handfulOfMessages(withOneKey(current), run)
}

function withOneKey(current: Scenario): Scenario {
  const services = current.services.map((service) => ({
    ...service,
    sends: service.sends.map((spec) => {
      const { workload } = spec
      return workload.kind === 'trace' ? spec : { ...spec, workload: { ...workload, keys: 1 } }
    }),
  }))
  return { ...current, services }
}
