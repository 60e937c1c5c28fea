import type { Check } from './check.ts'
import { judgeOrder, sequenceBaseline, type LaneNumbers } from './order.ts'

/**
 * What one producer instance sent for one key comes in the order of its sequence. Only first arrivals count: a redelivery of
 * something old is a duplicate and no change of order, and a gap is a loss. What has no key keeps no order.
 */
export const orderedPerKey: Check = {
  name: 'ordered-per-key',
  title: 'what a producer sends for a key first arrives in the order of its sequence',
  scope: 'guarantee',
  begin(context) {
    const { sends, names } = context
    const keyless = names.intern('')
    const lane = (operation: number, lanes: LaneNumbers): number | undefined => {
      const key = sends.keyOf(operation)
      return key === keyless ? undefined : lanes.of(sends.producerOf(operation), key)
    }
    const rule = {
      guarantee: orderedPerKey.name,
      baselines: [sequenceBaseline(context, lane, (operation) => ` (key ${names.text(sends.keyOf(operation))})`)],
      nothing: 'no two operations of one producer and key came',
    }
    return {
      kinds: [],
      see: () => undefined,
      finish: () => context.sightings.views.map((view) => judgeOrder(context, view, rule)),
    }
  },
}
