import type { Name } from '../history/fact.ts'
import type { Level } from './plan.ts'
import type { Sends } from './sends.ts'
import { type Sighting, View, type Viewer } from './view.ts'

/** By operation the effects that it owes. */
export type OwedEffects = ReadonlyMap<Name, readonly Name[]>

/** What a service was handed (same thing: same message), or what its stores saw (same thing: same effect of the same operation). */
export class ServiceView extends View {
  readonly #channels: ReadonlySet<Name>
  readonly #byMessage: boolean
  readonly #owes: OwedEffects

  /** `owes` are the effects that must be there, where that is known. */
  constructor(viewer: Viewer, level: Level, sends: Sends, channels: ReadonlySet<Name>, owes: OwedEffects) {
    super(viewer, level, sends)
    this.#channels = channels
    this.#byMessage = level === 'delivery'
    this.#owes = owes
  }

  override expects(message: Name): boolean {
    const owesNothing = this.#owes.get(this.sends.operationOf(message))?.length === 0
    return this.#channels.has(this.sends.channelOf(message)) && !owesNothing
  }

  override owed(message: Name): Name {
    return this.#byMessage ? message : this.sends.operationOf(message)
  }

  override timesArrived(owed: Name): number {
    if (this.#byMessage) return this.timesSeen(owed)
    return this.missingEffect(owed) === undefined ? this.operationArrivals(owed) : 0
  }

  override missingEffect(owed: Name): Name | undefined {
    return this.#owes.get(owed)?.find((effect) => this.timesSeenOf(effect, owed) === 0)
  }

  override firstShown(owed: Name): number {
    return this.#byMessage ? this.firstSeenOf(owed) : this.firstArrivalOf(owed)
  }

  override isRejected(message: Name): boolean {
    return this.#byMessage
      ? this.sends.outcomeOf(message) === 'rejected'
      : this.sends.wasRejected(this.sends.operationOf(message))
  }

  protected override arrivalsBy(_message: Name, operation: Name | undefined): readonly Name[] {
    return operation === undefined ? [] : [operation]
  }

  protected override repeatedItem({ message, operation }: Sighting): Name | undefined {
    return this.#byMessage ? message : operation
  }

  protected override stranger({ message, operation }: Sighting): Name | undefined {
    if (this.#byMessage) return this.sends.wasSubmitted(message) ? undefined : message
    return operation === undefined || this.sends.knowsOperation(operation) ? undefined : operation
  }

  protected override parkedBy(message: Name): readonly Name[] {
    return [this.owed(message)]
  }
}
