import type { ClassicQueue } from './classic-queue.ts'
import type { Consumer } from './consumer-line.ts'
import type { DeathReason } from './death.ts'
import type { Message } from './message.ts'
import type { Publisher, QueuedMessage } from './ready-messages.ts'

/** What a queue asks of the broker that it lives in. */
export interface QueueHost {
  /** µs of the command that is being executed. */
  readonly now: number
  /** Whether the consumer's channel may get one more from this queue. Where not, the queue hears of it when it may again. */
  admits(queue: ClassicQueue, consumer: Consumer): boolean
  deliver(queue: ClassicQueue, consumer: Consumer, copy: QueuedMessage): void
  /** The queue gave a message up. It is published to the dead-letter exchange if there is one. */
  bury(queue: ClassicQueue, message: Message, reason: DeathReason): void
  /** Publishes a message to the dead-letter exchange of a queue that never took it. */
  deadLetter(queue: ClassicQueue, message: Message, reason: DeathReason): void
  /** The message is where it should be, or needs not be there any more. */
  confirm(publisher: Publisher): void
  /** The queue is full and does not take the message. */
  refuse(queue: ClassicQueue, message: Message, publisher: Publisher | undefined): void
  /** A copy was acknowledged, or handed out to somebody who will not acknowledge it. */
  settled(queue: ClassicQueue, copy: QueuedMessage, how: 'acknowledged' | 'delivered'): void
  enqueued(queue: ClassicQueue, message: Message): void
  /** A copy is written to the disk: the number of the write. */
  store(queue: ClassicQueue, bytes: number): number
  /** The disk has had a copy since before the broker started. */
  adopt(queue: ClassicQueue, copy: QueuedMessage): void
  /** The publisher of a stored copy is told when its write is safe. */
  confirmWhenSafe(queue: ClassicQueue, copy: QueuedMessage): void
  /** A copy that was written is not needed any more. */
  forget(queue: ClassicQueue, copy: QueuedMessage): void
  requeued(queue: ClassicQueue, copy: QueuedMessage): void
  /** The queue has a new single active consumer. */
  activated(queue: ClassicQueue, consumer: Consumer): void
  /** `tick` is wanted at this time, in µs. */
  alarm(at: number): void
  /** The queue has come to its end by itself: nobody uses it any more. */
  retire(queue: ClassicQueue, reason: 'auto-delete' | 'expired'): void
}
