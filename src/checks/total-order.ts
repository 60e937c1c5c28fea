import type { Name } from '../history/fact.ts'
import { answered, type NeutralFact } from '../history/facts.ts'
import { IntegerMap } from '../history/integer-map.ts'
import type { Check, CheckContext, CheckFold } from './check.ts'
import { judgeOrder, sequenceBaseline, type Baseline } from './order.ts'
import { timeText } from './saying.ts'
import type { View } from './view.ts'

/**
 * Everything comes in one order on which all agree: each producer, by its sequence; the clock, where one operation had been confirmed before
 * another was sent; and every other service that got both. Two that were sent at the same time may come in either order, as long as it is the
 * same everywhere.
 */
export const totalOrder: Check = {
  name: 'total-order',
  title: 'everything first arrives in one order, on which producers, the clock and all services agree',
  scope: 'guarantee',
  onRequest: true,
  begin: (context) => new TotalOrder(context),
}

class TotalOrder implements CheckFold {
  readonly kinds = [answered]
  readonly #context: CheckContext
  readonly #confirmed: Name
  /** Per operation: the fact by which it was first confirmed, counted from 1. */
  readonly #confirmedAt = new IntegerMap()

  constructor(context: CheckContext) {
    this.#context = context
    this.#confirmed = context.names.intern('confirmed')
  }

  see(fact: NeutralFact): void {
    const { sends } = this.#context
    if (fact.kind !== 'answered' || fact.outcome !== this.#confirmed || !sends.wasSubmitted(fact.message)) return
    const operation = sends.operationOf(fact.message)
    if (this.#confirmedAt.get(operation) === 0) this.#confirmedAt.set(operation, fact.index + 1)
  }

  finish() {
    const { sends, sightings } = this.#context
    const perProducer = sequenceBaseline(
      this.#context,
      (operation, lanes) => lanes.of(sends.producerOf(operation), 0),
      () => '',
    )
    return sightings.views.map((view) =>
      judgeOrder(this.#context, view, {
        guarantee: totalOrder.name,
        baselines: [perProducer, this.#byTheClock(), ...this.#peersOf(view).map((peer) => this.#asSeenBy(peer))],
        nothing: 'no two operations came',
      }),
    )
  }

  #byTheClock(): Baseline {
    const { sends, recall } = this.#context
    return {
      lane: () => 0,
      rank: (operation) => sends.firstSubmissionOf(operation),
      reach: (operation) => (this.#confirmedAt.get(operation) || Infinity) - 1,
      because: (late, early) => {
        const evidence = [this.#confirmedAt.get(late) - 1, sends.firstSubmissionOf(early)]
        const [confirmed, sent] = evidence.map((index) => timeText(recall(index).time))
        return { words: `which was sent at ${sent}, when it had been confirmed at ${confirmed}`, evidence }
      },
    }
  }

  /** The other services at the same level. */
  #peersOf(view: View): readonly View[] {
    if (view.viewer.origin !== undefined) return []
    return this.#context.sightings.views.filter(
      (other) => other !== view && other.viewer.origin === undefined && other.level === view.level,
    )
  }

  #asSeenBy(peer: View): Baseline {
    return {
      lane: (operation) => (peer.operationArrivals(operation) > 0 ? 0 : undefined),
      rank: (operation) => peer.firstArrivalOf(operation),
      because: (late, early) => ({
        words: `which came to ${peer.viewer.receiver} the other way round`,
        evidence: [peer.firstArrivalOf(late), peer.firstArrivalOf(early)],
      }),
    }
  }
}
