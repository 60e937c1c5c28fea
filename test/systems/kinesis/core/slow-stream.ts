import { createHash } from 'node:crypto'

interface SlowShard {
  readonly id: string
  readonly from: bigint
  readonly to: bigint
  readonly parents: readonly string[]
  isOpen: boolean
}

interface SlowRecord {
  readonly shard: string
  readonly sequence: number
  readonly time: number
  readonly content: string
}

/** A stream as one list of records and one of shards, searched from front to back each time. */
export class SlowStream {
  readonly #retention: number
  readonly shards: SlowShard[] = []
  records: SlowRecord[] = []
  #sequence = 0

  constructor(shards: number, retention: number) {
    this.#retention = retention
    const all = 2n ** 128n
    for (let place = 0n; place < BigInt(shards); place++)
      this.#open((all * place) / BigInt(shards), (all * (place + 1n)) / BigInt(shards) - 1n, [])
  }

  put(key: string, content: string, time: number): { readonly shard: string; readonly sequence: number } {
    const hash = BigInt(`0x${createHash('md5').update(key).digest('hex')}`)
    const shard = this.shards.find(({ isOpen, from, to }) => isOpen && from <= hash && hash <= to)
    if (shard === undefined) throw new Error(`No shard takes ${key}.`)
    this.records.push({ shard: shard.id, sequence: ++this.#sequence, time, content })
    return { shard: shard.id, sequence: this.#sequence }
  }

  read(shard: string, after: number, limit: number): readonly string[] {
    const behind = this.records.filter((record) => record.shard === shard && record.sequence > after)
    return behind.slice(0, limit).map(({ content }) => content)
  }

  split(id: string): boolean {
    const shard = this.shards.find((one) => one.id === id && one.isOpen)
    if (shard === undefined || shard.from === shard.to) return false
    shard.isOpen = false
    const middle = shard.from + (shard.to - shard.from + 1n) / 2n
    this.#open(shard.from, middle - 1n, [id])
    this.#open(middle, shard.to, [id])
    return true
  }

  merge(one: string, other: string): boolean {
    const pair = [one, other].flatMap((id) => this.shards.filter((shard) => shard.id === id && shard.isOpen))
    const [low, high] = pair.toSorted((a, b) => (a.from < b.from ? -1 : 1))
    if (low === undefined || high === undefined || low === high || low.to + 1n !== high.from) return false
    for (const shard of pair) shard.isOpen = false
    this.#open(low.from, high.to, [one, other])
    return true
  }

  trim(time: number): void {
    this.records = this.records.filter((record) => record.time >= time - this.#retention)
  }

  #open(from: bigint, to: bigint, parents: readonly string[]): void {
    const id = `shardId-${String(this.shards.length).padStart(12, '0')}`
    this.shards.push({ id, from, to, parents, isOpen: true })
  }
}
