import type { AnyFact } from '../../history/fact.ts'

/** Space and time of a run, or of a part of it, as plain data: who did what, and what travelled between them. Times in µs. */
export interface Diagram {
  readonly title: string
  /** One sentence for those who cannot see it. */
  readonly description: string
  readonly lanes: readonly Lane[]
  readonly arrows: readonly Arrow[]
  readonly marks: readonly Mark[]
  readonly bands: readonly LinkBand[]
  readonly from: number
  readonly to: number
  /** Events that were left out because there are more than a picture holds. */
  readonly leftOut: number
}

/** A node, and the times in which it was not there. */
export interface Lane {
  readonly name: string
  readonly gaps: readonly Gap[]
}

export interface Gap {
  readonly kind: 'down' | 'paused'
  readonly from: number
  readonly to: number
}

/** Something that travelled. `to` is where it went, `lost` why it did not get there. */
export interface Arrow {
  readonly from: number
  readonly to: number
  readonly sentAt: number
  readonly endedAt: number
  readonly lost: string | undefined
  /** Whether what it carries had been sent that way before. */
  readonly again: boolean
  readonly about: string
  /** The message that it is about; empty where it is about none. */
  readonly message: string
  readonly text: string
}

/** Something that happened at a node. */
export interface Mark {
  readonly lane: number
  readonly at: number
  readonly shape: Shape
  /** A few characters beside the sign. */
  readonly label: string
  readonly text: string
  readonly message: string
  /** Part of the evidence that a guarantee was broken. */
  readonly broken: boolean
  readonly fact: AnyFact
}

export type Shape =
  | 'sent'
  | 'confirmed'
  | 'unsure'
  | 'delivered'
  | 'effect'
  | 'left-out'
  | 'finished'
  | 'stored'
  | 'gone'
  | 'failed'
  | 'committed'
  | 'elected'
  | 'regrouped'
  | 'fault'
  | 'node'
  | 'other'

/** A fault of the network between some nodes. */
export interface LinkBand {
  readonly label: string
  readonly lanes: readonly number[]
  readonly from: number
  readonly to: number
}
