import type { Name } from '../history/fact.ts'
import { delivered, type NeutralFact } from '../history/facts.ts'
import type { Names } from '../history/names.ts'
import { IntegerMap } from '../history/integer-map.ts'
import type { Check, CheckContext, CheckFold } from './check.ts'
import { judgeOrder, LaneNumbers, sequenceBaseline } from './order.ts'
import type { View } from './view.ts'

/**
 * What one producer instance sent into a partition (or a queue) comes out of it in the order of its sequence. Positions are not compared: they
 * are the broker's numbers, and a new leader gives them out again. An operation is in the partition out of which the service was handed it first.
 */
export const orderedPerPartition: Check = {
  name: 'ordered-per-partition',
  title: 'what a producer sends first comes out of each partition or queue in the order of its sequence',
  scope: 'guarantee',
  onRequest: true,
  begin: (context) => new PartitionOrder(context),
}

class PartitionOrder implements CheckFold {
  readonly kinds = [delivered]
  readonly #context: CheckContext
  readonly #partitions = new Map<Name, Partitions>()

  constructor(context: CheckContext) {
    this.#context = context
  }

  see(fact: NeutralFact): void {
    const { sends } = this.#context
    if (fact.kind !== 'delivered' || !sends.wasSubmitted(fact.message)) return
    this.#of(fact.service).note(sends.operationOf(fact.message), fact.channel, fact.partition)
  }

  /** A partition is somewhere on the way of a pair, and nobody would know which is meant: only services are judged. */
  finish() {
    const views = this.#context.sightings.views.filter(({ viewer }) => viewer.origin === undefined)
    return views.map((view) => this.#judge(view))
  }

  #judge(view: View) {
    const { names, sends } = this.#context
    const partitions = this.#of(names.intern(view.viewer.receiver))
    const lane = (operation: Name, lanes: LaneNumbers): number | undefined => {
      const partition = partitions.of(operation)
      return partition === undefined ? undefined : lanes.of(sends.producerOf(operation), partition)
    }
    return judgeOrder(this.#context, view, {
      guarantee: orderedPerPartition.name,
      baselines: [sequenceBaseline(this.#context, lane, (operation) => ` (${partitions.text(operation, names)})`)],
      nothing: 'no two operations of one producer came out of one partition or queue',
    })
  }

  #of(service: Name): Partitions {
    const known = this.#partitions.get(service)
    if (known !== undefined) return known
    const partitions = new Partitions()
    this.#partitions.set(service, partitions)
    return partitions
  }
}

/** Where a service was first handed each operation. */
class Partitions {
  readonly #places: (readonly [channel: Name, partition: Name])[] = []
  readonly #numbers = new LaneNumbers()
  readonly #ofOperation = new IntegerMap()

  note(operation: Name, channel: Name, partition: Name): void {
    if (this.#ofOperation.get(operation) > 0) return
    const number = this.#numbers.of(channel, partition)
    this.#places[number] ??= [channel, partition]
    this.#ofOperation.set(operation, number)
  }

  of(operation: Name): number | undefined {
    const number = this.#ofOperation.get(operation)
    return number > 0 ? number : undefined
  }

  /** `events/orders, partition orders-3`. */
  text(operation: Name, names: Names): string {
    const [channel = 0, partition = 0] = this.#places[this.#ofOperation.get(operation)] ?? []
    return `${names.text(channel)}, partition ${names.text(partition)}`
  }
}
