import type { Check } from './check.ts'
import { judgeOrder, sequenceBaseline } from './order.ts'

/**
 * What one producer instance sent comes in the order of its sequence, whatever its key and whichever the way that it took. Only first arrivals
 * count, as they do for a key.
 */
export const orderedPerProducer: Check = {
  name: 'ordered-per-producer',
  title: 'all that a producer sends first arrives in the order of its sequence',
  scope: 'guarantee',
  onRequest: true,
  begin(context) {
    const { sends } = context
    const rule = {
      guarantee: orderedPerProducer.name,
      baselines: [
        sequenceBaseline(
          context,
          (operation, lanes) => lanes.of(sends.producerOf(operation), 0),
          () => '',
        ),
      ],
      nothing: 'no two operations of one producer came',
    }
    return {
      kinds: [],
      see: () => undefined,
      finish: () => context.sightings.views.map((view) => judgeOrder(context, view, rule)),
    }
  },
}
