import type { Process } from '../../../simulation/process.ts'
import type { Cluster } from '../cluster.ts'
import type { ConsumerParts, ConsumerUse } from './consumer-parts.ts'
import type { JavaConsumerSettings } from './consumer-settings.ts'
import { Fetcher } from './fetcher.ts'
import { RecordDelivery } from './record-delivery.ts'

/** Where `poll` gets records from: what was fetched before, while more is on its way. */
export class RecordSource {
  readonly #cluster: Cluster
  readonly #parts: ConsumerParts
  readonly #maxRecords: number
  readonly #fetcher: Fetcher

  constructor(
    process: Process,
    cluster: Cluster,
    { topic }: ConsumerUse,
    settings: JavaConsumerSettings,
    parts: ConsumerParts,
    changed: () => void,
  ) {
    const { links, metadata, positions, finder, preferred } = parts
    this.#cluster = cluster
    this.#parts = parts
    this.#maxRecords = settings.maxPollRecords
    this.#fetcher = new Fetcher({
      process,
      topic,
      links,
      metadata,
      positions,
      settings: settings.fetch,
      rack: settings.rack,
      preferred,
      retryAfter: settings.retryBackoff.initial,
      mayFetch: (partition) => finder.isValid(partition),
      lost: (partition, loss) => finder.noteLoss(partition, loss),
      changed,
    })
  }

  /** Up to `max.poll.records`, whose partitions' positions move past them; then asks for more. */
  poll(assignment: number): RecordDelivery[] {
    const records = this.#fetcher.buffer.isEmpty ? [] : this.#take(assignment)
    this.#fetcher.fetch()
    return records
  }

  /** There is a new assignment. */
  clear(): void {
    this.#parts.preferred.clear()
    this.#fetcher.buffer.clear()
  }

  #take(assignment: number): RecordDelivery[] {
    const { partitions, offsets, messages } = this.#fetcher.buffer.poll(this.#parts.positions, this.#maxRecords)
    return messages.map((message, index) => {
      const content = this.#cluster.records.content(message)
      return new RecordDelivery(content, partitions[index] ?? 0, offsets[index] ?? 0, assignment)
    })
  }
}
