import type { Bulk } from './bulk.ts'
import { bytesOf } from './bulk.ts'
import { ConsumerGroup } from './consumer-group.ts'
import type { IdLimits } from './producer-ids.ts'
import { ProducerIds } from './producer-ids.ts'
import type { StreamId } from './stream-id.ts'
import { compareIds, formatId, highestId, lowestId } from './stream-id.ts'
import type { StreamEntry } from './stream-node.ts'
import { StreamNode } from './stream-node.ts'

/** How many entries go into one macro node: `stream-node-max-entries` and `stream-node-max-bytes`; 0 is no limit. */
export interface NodeLimits {
  readonly entries: number
  readonly bytes: number
}

/** A stream: entries in the order of their ids, and the consumer groups that read them. */
export class Stream {
  readonly type = 'stream'
  /** Their entries in this order; every node has had one, and deleting may have left none of them. */
  readonly nodes: StreamNode[] = []
  readonly groups: Map<string, ConsumerGroup>
  readonly producers: ProducerIds
  length = 0
  lastId = lowestId
  maxDeletedId = lowestId
  entriesAdded = 0

  /** An empty one, as a server with these settings makes it. */
  static within({ idLimits }: { readonly idLimits: IdLimits }): Stream {
    return new Stream(new Map(), new ProducerIds(idLimits))
  }

  constructor(groups = new Map<string, ConsumerGroup>(), producers = new ProducerIds()) {
    this.groups = groups
    this.producers = producers
  }

  /** Of the first entry; the lowest of all where there is none. */
  get firstId(): StreamId {
    return this.first()?.id ?? lowestId
  }

  first(): StreamEntry | undefined {
    for (const { entries } of this.nodes) if (entries[0] !== undefined) return entries[0]
    return undefined
  }

  last(): StreamEntry | undefined {
    return this.nodes.findLast(({ entries }) => entries.length > 0)?.entries.at(-1)
  }

  /** The id must be greater than the last one. */
  append(id: StreamId, fields: readonly Bulk[], limits: NodeLimits): StreamEntry {
    const entry = { id, name: formatId(id), fields }
    const node = this.nodes.at(-1)
    if (node === undefined || isFull(node, fields, limits)) this.nodes.push(StreamNode.of(entry))
    else node.push(entry)
    this.length++
    this.entriesAdded++
    this.lastId = id
    return entry
  }

  find(id: StreamId): StreamEntry | undefined {
    const node = this.nodes[this.#nodeOf(id)]
    const entry = node?.entries[node.placeOf(id)]
    return entry !== undefined && compareIds(entry.id, id) === 0 ? entry : undefined
  }

  *range(from: StreamId, to: StreamId = highestId): Generator<StreamEntry> {
    for (let place = Math.max(0, this.#nodeOf(from)); place < this.nodes.length; place++) {
      const node = this.nodes[place]
      if (node === undefined) return
      for (let index = node.placeOf(from); index < node.entries.length; index++) {
        const entry = node.entries[index]
        if (entry === undefined || compareIds(entry.id, to) > 0) return
        yield entry
      }
    }
  }

  *rangeBackwards(from: StreamId, to: StreamId): Generator<StreamEntry> {
    for (let place = this.#nodeOf(to); place >= 0; place--) {
      const entries = this.nodes[place]?.entries ?? []
      for (let index = entries.length - 1; index >= 0; index--) {
        const entry = entries[index]
        if (entry === undefined || compareIds(entry.id, to) > 0) continue
        if (compareIds(entry.id, from) < 0) return
        yield entry
      }
    }
  }

  /** Takes an entry out, as `XDEL` does; a node without entries goes with its last one. */
  delete(id: StreamId): StreamEntry | undefined {
    const place = this.#nodeOf(id)
    const node = this.nodes[place]
    if (node === undefined) return undefined
    const index = node.placeOf(id)
    const entry = node.entries[index]
    if (entry === undefined || compareIds(entry.id, id) !== 0) return undefined
    node.remove(index)
    if (node.entries.length === 0) this.nodes.splice(place, 1)
    this.length--
    return entry
  }

  /** Groups in the order in which Redis lists them. */
  get groupsByName(): readonly ConsumerGroup[] {
    return [...this.groups.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  get bytes(): number {
    let bytes = streamBytes
    for (const node of this.nodes) bytes += node.bytes
    for (const group of this.groups.values()) bytes += group.bytes
    return bytes + this.producers.bytes
  }

  copy(): Stream {
    const groups = new Map([...this.groups].map(([name, group]) => [name, group.copy()]))
    const copy = new Stream(groups, this.producers.copy())
    copy.nodes.push(...this.nodes.map((node) => node.copy()))
    copy.length = this.length
    copy.lastId = this.lastId
    copy.maxDeletedId = this.maxDeletedId
    copy.entriesAdded = this.entriesAdded
    return copy
  }

  /** The place of the last node that begins at or before this id; -1 if there is none. */
  #nodeOf(id: StreamId): number {
    let low = 0
    let high = this.nodes.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const node = this.nodes[middle]
      if (node !== undefined && compareIds(node.first, id) <= 0) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

function isFull(node: StreamNode, fields: readonly Bulk[], limits: NodeLimits): boolean {
  let bytes = node.bytes
  for (const field of fields) bytes += bytesOf(field)
  const most = limits.bytes === 0 ? largestNode : Math.min(limits.bytes, largestNode)
  return bytes >= most || (limits.entries > 0 && node.everStored >= limits.entries)
}

const largestNode = 2 ** 30
/** Of an empty stream, roughly. */
const streamBytes = 200
