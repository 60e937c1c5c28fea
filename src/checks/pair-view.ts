import type { Name } from '../history/fact.ts'
import type { Level } from './plan.ts'
import type { Sends } from './sends.ts'
import { type Sighting, View, type Viewer } from './view.ts'

type Origin = NonNullable<Viewer['origin']>

interface Ancestry {
  /** The operations of the origin that a message descends from, itself included. */
  readonly roots: readonly Name[]
  /** A message on the way that nobody submitted. */
  readonly unsent: Name | undefined
}

/** What became, at the far end, of what the origin sent: what arrives is an operation of the origin, the same thing is an operation of the receiver. */
export class PairView extends View {
  readonly #origin: Origin

  constructor(viewer: Viewer, level: Level, sends: Sends, origin: Origin) {
    super(viewer, level, sends)
    this.#origin = origin
  }

  override expects(message: Name): boolean {
    const { service, channels } = this.#origin
    return (
      this.sends.senderOf(message) === service &&
      (channels === undefined || channels.has(this.sends.channelOf(message)))
    )
  }

  override owed(message: Name): Name {
    return this.sends.operationOf(message)
  }

  override timesArrived(owed: Name): number {
    return this.operationArrivals(owed)
  }

  override firstShown(owed: Name): number {
    return this.firstArrivalOf(owed)
  }

  override isRejected(message: Name): boolean {
    return this.expects(message) && this.sends.wasRejected(this.owed(message))
  }

  protected override arrivalsBy(message: Name): readonly Name[] {
    return this.#ancestryOf(message).roots
  }

  protected override repeatedItem({ message, operation }: Sighting): Name | undefined {
    return this.#ancestryOf(message).roots.length > 0 ? operation : undefined
  }

  protected override stranger({ message }: Sighting): Name | undefined {
    return this.#ancestryOf(message).unsent
  }

  protected override parkedBy(message: Name): readonly Name[] {
    const { way } = this.#origin
    return way === undefined || way.has(this.sends.channelOf(message)) ? this.#ancestryOf(message).roots : []
  }

  #ancestryOf(message: Name): Ancestry {
    if (this.sends.parentsOf(message).length === 0 || this.#isRoot(message)) return this.#ownAncestry(message)
    const roots = new Set<Name>()
    let unsent: Name | undefined
    const met = new Set<Name>([message])
    for (const ancestor of met) {
      const own = this.#ownAncestry(ancestor)
      for (const root of own.roots) roots.add(root)
      unsent ??= own.unsent
      if (own.roots.length === 0) for (const parent of this.sends.parentsOf(ancestor)) met.add(parent)
    }
    return { roots: [...roots], unsent }
  }

  #ownAncestry(message: Name): Ancestry {
    if (!this.sends.wasSubmitted(message)) return { roots: [], unsent: message }
    return { roots: this.#isRoot(message) ? [this.owed(message)] : [], unsent: undefined }
  }

  #isRoot(message: Name): boolean {
    return this.sends.wasSubmitted(message) && this.expects(message)
  }
}
