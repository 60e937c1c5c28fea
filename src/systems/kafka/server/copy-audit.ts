import type { Name } from '../../../history/fact.ts'
import { copyEnded, copyRemained, copyStored } from '../../../history/facts.ts'
import type { LogFile } from '../../../simulation/log-file.ts'
import type { Node } from '../../../simulation/node.ts'
import type { Process } from '../../../simulation/process.ts'
import type { World } from '../../../simulation/world.ts'
import type { Envelope } from '../../system.ts'
import type { RecordBatch } from '../core/log/record-batch.ts'
import type { TopicPartition } from '../core/controller/partition-registration.ts'
import { partitionName } from '../core/controller/partition-registration.ts'
import type { RecordTable } from '../record-table.ts'

interface PlacedBatch {
  readonly batch: RecordBatch
  readonly firstCopy: number
}

interface Replica {
  readonly node: Node
  readonly file: LogFile<RecordBatch>
}

interface AuditedPartition {
  readonly place: number
  readonly replicas: Map<string, Replica>
  /** Batches that leaders placed here and that some replica may still have, in the order of placing. */
  placed: PlacedBatch[]
}

export interface AuditOptions {
  readonly world: World
  readonly records: RecordTable<Envelope>
  readonly nextCopy: () => number
  placeOf(partition: TopicPartition): number
}

/**
 * Keeps account of copies from outside of the nodes. A record that a leader gave an offset is one copy, however many replicas have it; it is
 * lost when the last of them has dropped it or lost it with its disk's cache.
 */
export class CopyAudit {
  readonly #options: AuditOptions
  readonly #partitions = new Map<string, AuditedPartition>()

  constructor(options: AuditOptions) {
    this.#options = options
  }

  /** A broker keeps a replica in this file. */
  hosts(of: TopicPartition, node: Node, file: LogFile<RecordBatch>): void {
    this.#audited(of).replicas.set(node.name, { node, file })
  }

  /** A leader placed a batch, with these messages in it. */
  stored(of: TopicPartition, batch: RecordBatch, message: readonly Name[], process: Process): void {
    const { place, placed } = this.#audited(of)
    const copy = message.map(() => this.#options.nextCopy())
    process.recordTogether(copyStored, message.length, { copy, message, place })
    placed.push({ batch, firstCopy: copy[0] ?? -1 })
  }

  /** A replica dropped records: those that nobody has any more are lost. */
  review(of: TopicPartition, node: Node, reason: string, cause?: number): void {
    const partition = this.#partitions.get(partitionName(of))
    if (partition === undefined) return
    const lost = partition.placed.filter(({ batch }) => !isHeld(batch, partition))
    if (lost.length === 0) return
    partition.placed = partition.placed.filter(({ batch }) => isHeld(batch, partition))
    const { world } = this.#options
    this.#each(lost, (copy, message) => {
      const names = { fate: world.history.names.intern('lost'), reason: world.history.names.intern(reason) }
      world.record(copyEnded, node.label, { copy, message, place: partition.place, ...names }, cause)
    })
  }

  /** A host lost power, and with it what was in its page cache. */
  reviewAll(node: Node, reason: string, cause: number): void {
    for (const [name, { replicas }] of this.#partitions) {
      if (replicas.has(node.name)) this.review(partitionOf(name), node, reason, cause)
    }
  }

  /** Records what is still there at the end of a run, and what turns out not to be. */
  takeInventory(): void {
    const { world, records } = this.#options
    const state = world.history.names.intern('stored')
    for (const [name, { place, placed, replicas }] of this.#partitions) {
      const [first] = replicas.values()
      if (first !== undefined) this.review(partitionOf(name), first.node, 'damaged on the disk')
      for (const entry of placed) {
        const holder = [...replicas.values()].find(({ file }) => holds(file, entry.batch))
        if (holder === undefined) continue
        const message = records.each(entry.batch.messages, (content) => content.message)
        const copy = message.map((_, index) => entry.firstCopy + index)
        world.recordTogether(copyRemained, holder.node.label, message.length, { copy, message, place, state })
      }
    }
  }

  #each(placed: readonly PlacedBatch[], visit: (copy: number, message: number) => void): void {
    for (const { batch, firstCopy } of placed) {
      for (let index = 0; index < batch.messages.length; index++) {
        visit(firstCopy + index, this.#options.records.content(batch.messages[index] ?? -1).message)
      }
    }
  }

  #audited(of: TopicPartition): AuditedPartition {
    const name = partitionName(of)
    const known = this.#partitions.get(name)
    if (known !== undefined) return known
    const audited = { place: this.#options.placeOf(of), replicas: new Map<string, Replica>(), placed: [] }
    this.#partitions.set(name, audited)
    return audited
  }
}

function partitionOf(name: string): TopicPartition {
  const dash = name.lastIndexOf('-')
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) }
}

function isHeld(batch: RecordBatch, { replicas }: AuditedPartition): boolean {
  for (const { file } of replicas.values()) if (holds(file, batch)) return true
  return false
}

/** Whether this very batch is in the file, whole; found by its offset. */
function holds(file: LogFile<RecordBatch>, batch: RecordBatch): boolean {
  let low = 0
  let high = file.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((file.read(middle)?.value.baseOffset ?? Infinity) < batch.baseOffset) low = middle + 1
    else high = middle
  }
  const found = file.read(low)
  return found?.value === batch && found.state === 'whole'
}
