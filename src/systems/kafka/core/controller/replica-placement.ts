import { invariant, present } from '../invariant.ts'

/**
 * Places the replicas of new partitions as Kafka's striped placer does: racks in turn, brokers of a rack in turn, live
 * brokers before fenced ones, and a live broker first, because it will lead. Each partition begins one rack further.
 *
 * `start` (an integer, 0 or more) rotates racks and brokers, where Kafka draws a random beginning. Kafka also shuffles
 * once every broker has led as often as there are brokers; this goes on in order instead.
 */
export function placeReplicas(
  brokers: readonly PlaceableBroker[],
  partitions: number,
  replicationFactor: number,
  start: number,
): Placement {
  if (replicationFactor < 1 || replicationFactor > brokers.length) return invalid
  if (brokers.every((broker) => broker.fenced)) return invalid
  const racks = racksOf(brokers, start)
  const assignments: (readonly number[])[] = []
  for (let index = 0; index < partitions; index += 1) {
    assignments.push(placeOne(racks, (start + index) % racks.length, index, replicationFactor))
  }
  return { type: 'placed', assignments }
}

export interface PlaceableBroker {
  readonly brokerId: number
  readonly rack: string | undefined
  readonly fenced: boolean
}

export type Placement =
  | { readonly type: 'placed'; readonly assignments: readonly (readonly number[])[] }
  | { readonly type: 'refused'; readonly error: 'INVALID_REPLICATION_FACTOR' }

const invalid: Placement = { type: 'refused', error: 'INVALID_REPLICATION_FACTOR' }

/** One rack's brokers for the partition being placed: those left to take, live ones first. */
class Rack {
  private readonly live: readonly number[]
  private readonly fenced: readonly number[]
  private turn = 0
  private liveTaken = 0
  private fencedTaken = 0

  constructor(brokers: readonly PlaceableBroker[], start: number) {
    this.live = rotated(idsOf(brokers, false), start)
    this.fenced = rotated(idsOf(brokers, true), start)
  }

  begin(turn: number): void {
    this.turn = turn
    this.liveTaken = 0
    this.fencedTaken = 0
  }

  takeLive(): number | undefined {
    if (this.liveTaken >= this.live.length) return undefined
    const taken = this.live[(this.turn + this.liveTaken) % this.live.length]
    this.liveTaken += 1
    return taken
  }

  take(): number | undefined {
    const live = this.takeLive()
    if (live !== undefined || this.fencedTaken >= this.fenced.length) return live
    const taken = this.fenced[(this.turn + this.fencedTaken) % this.fenced.length]
    this.fencedTaken += 1
    return taken
  }
}

function placeOne(racks: readonly Rack[], offset: number, turn: number, replicationFactor: number): readonly number[] {
  for (const rack of racks) rack.begin(turn)
  const order = rotated(racks, offset)
  const leading = order.findIndex((rack) => rack.takeLive() !== undefined)
  invariant(leading >= 0, 'some rack has a live broker when a partition is placed')
  for (const rack of racks) rack.begin(turn)
  const leader = present(present(order[leading], 'the leading rack is in the order').takeLive(), 'it has a live broker')
  return [leader, ...followersOf(order, leading, replicationFactor - 1)]
}

/** The first round passes over the rack that gave the leader; later rounds take from every rack that has brokers left. */
function followersOf(order: readonly Rack[], leading: number, count: number): readonly number[] {
  const followers: number[] = []
  for (let step = 0; followers.length < count; step += 1) {
    if (step === leading) continue
    const taken = present(order[step % order.length], 'there is a rack').take()
    if (taken !== undefined) followers.push(taken)
  }
  return followers
}

/** Racks with a live broker first, each group in order of name; brokers without a rack form one of their own. */
function racksOf(brokers: readonly PlaceableBroker[], start: number): readonly Rack[] {
  const names = [...new Set(brokers.map(rackName))].sort()
  return names.map(
    (name) =>
      new Rack(
        brokers.filter((broker) => rackName(broker) === name),
        start,
      ),
  )
}

function rackName(broker: PlaceableBroker): string {
  return broker.rack ?? ''
}

function idsOf(brokers: readonly PlaceableBroker[], fenced: boolean): readonly number[] {
  return brokers
    .filter((broker) => broker.fenced === fenced)
    .map((broker) => broker.brokerId)
    .sort((a, b) => a - b)
}

function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  if (items.length === 0) return items
  const at = by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}
