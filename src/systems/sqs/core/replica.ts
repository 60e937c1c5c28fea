import type { Micros } from '../../../simulation/duration.ts'
import type { Envelope } from '../../system.ts'
import type { HeldMessage, NewMessage } from './queue-core.ts'

/** What one server knows of one message. */
export class Replica {
  readonly message: StandardMessage
  readonly server: number
  visibleAt: Micros
  /** The number of the latest receive that it heard of; 0 before the first. */
  receive = 0
  receives = 0
  receivedAt: Micros = 0
  /** Counts its changes: an entry in a line that was made before the latest is void. */
  changes = 0
  /** The change at which it was last put into the line of its server. */
  listed = -1

  constructor(message: StandardMessage, server: number, visibleAt: Micros) {
    this.message = message
    this.server = server
    this.visibleAt = visibleAt
  }

  hide(receive: number, receives: number, now: Micros, until: Micros): void {
    this.receive = receive
    this.receives = receives
    this.receivedAt = now
    this.visibleAt = until
    this.changes++
  }
}

/** A message of a standard queue: its copies on several servers, which agree unless one of them could not be reached. */
export class StandardMessage implements HeldMessage {
  readonly copy: number
  readonly id: number
  readonly envelope: Envelope
  readonly sentAt: Micros
  readonly group: string
  readonly deadLetterOf: string | undefined
  readonly deduplicationId = undefined
  readonly sequence = undefined
  firstReceivedAt: Micros | undefined
  replicas: readonly Replica[]
  isInFlight = false
  isDelayed = false
  /** Whether it is what deletions have missed. */
  readonly isLeftBehind: boolean
  isGone = false

  constructor(spec: Omit<NewMessage, 'delay' | 'deduplicationId'>, isLeftBehind = false) {
    this.copy = spec.copy
    this.id = spec.id
    this.envelope = spec.envelope
    this.sentAt = spec.sentAt
    this.group = spec.group
    this.deadLetterOf = spec.deadLetterOf
    this.isLeftBehind = isLeftBehind
    this.replicas = []
  }

  get receives(): number {
    return this.latest?.receives ?? 0
  }

  /** The copy that knows most. */
  get latest(): Replica | undefined {
    return latestOf(this.replicas)
  }

  latestOn(reachable: ReadonlySet<number>): Replica | undefined {
    return latestOf(this.replicas.filter(({ server }) => reachable.has(server)))
  }

  /** Whether some server would hand it out. */
  isVisibleAt(now: Micros): boolean {
    return this.replicas.some(({ visibleAt }) => visibleAt <= now)
  }
}

function latestOf(replicas: readonly Replica[]): Replica | undefined {
  let latest: Replica | undefined
  for (const replica of replicas) if (latest === undefined || replica.receive > latest.receive) latest = replica
  return latest
}
