import type { Process } from '../../../simulation/process.ts'
import type { DeathReason } from '../core/death.ts'
import { isReplyAddress, replyQueue } from '../core/direct-reply.ts'
import type { Event, Output } from '../core/output.ts'
import { publishRefused, queueDeleted, requeued, unroutable } from '../facts.ts'
import type { CopyLedger } from './copy-ledger.ts'

/** What recording what happened inside the core needs to know of the rest of the broker. */
export interface EventContext {
  readonly process: Process
  readonly ledger: CopyLedger
  /** Why what comes back to a queue now does so. */
  readonly requeueReason: string
  activated(event: Extract<Event, { readonly kind: 'activated' }>): void
  queueDeleted(queue: string): void
}

/** Writes down one event of the core as facts. `previous` and `next` are the outputs beside it, which say more about it. */
export function recordEvent(
  event: Event,
  previous: Output | undefined,
  next: Output | undefined,
  to: EventContext,
): void {
  const { process, ledger } = to
  switch (event.kind) {
    case 'enqueued':
      return void ledger.stored(process, event.queue, event.message)
    case 'settled':
      return ledger.ended(process, event.queue, event.message, event.how, '')
    case 'buried':
      return ledger.ended(process, event.queue, event.message, ...fateOf(event.reason, event.queue, next))
    case 'requeued': {
      const found = ledger.find(event.queue, event.message)
      if (found !== undefined) process.record(requeued, { ...found, reason: to.requeueReason })
      return
    }
    case 'refused':
      process.record(publishRefused, { message: ledger.nameOf(event.message), place: ledger.placeOf(event.queue) })
      return ledger.passedBy(process, event.queue, event.message, 'dropped', 'the queue is full')
    case 'unroutable': {
      if (event.exchange === '' && event.message.routingKeys.some(isReplyAddress))
        return ledger.passedBy(process, replyQueue, event.message, 'dropped', 'whoever asked is gone')
      const exchange = event.exchange === '' ? defaultExchange : event.exchange
      const returned = previous?.kind === 'return'
      const values = { message: ledger.nameOf(event.message), exchange: ledger.placeOf(exchange), returned }
      process.record(unroutable, values)
      return ledger.passedBy(process, exchange, event.message, 'dropped', returned ? 'returned: no queue' : 'no queue')
    }
    case 'purged':
      for (const message of event.messages) ledger.ended(process, event.queue, message, 'dropped', 'purged')
      return
    case 'queue-deleted':
      return recordDeletion(event, to)
    case 'activated':
      return to.activated(event)
    case 'replied':
      return ledger.passedBy(process, replyQueue, event.message, 'delivered', '')
    // What a queue gave up is recorded with its burial.
    case 'dead-lettered':
    case 'exchange-deleted':
      return
  }
}

/** What people call the exchange without a name. */
const defaultExchange = '(default exchange)'

const whyGiven: Readonly<Record<DeathReason, string>> = {
  rejected: 'rejected',
  expired: 'expired',
  maxlen: 'the queue was too long',
  delivery_limit: 'delivered too often',
}

/** The fate of a message that a queue gave up, and the reason for it. */
function fateOf(reason: DeathReason, queue: string, next: Output | undefined): readonly [fate: string, why: string] {
  const why = whyGiven[reason]
  if (next?.kind !== 'dead-lettered' || next.from !== queue)
    return reason === 'expired' ? ['expired', ''] : ['dropped', why]
  if (next.to.length > 0) return ['dead-lettered', why]
  return [
    'dropped',
    `${why}; ${next.cycles.length > 0 ? 'its dead letter would go round for ever' : 'no queue takes its dead letter'}`,
  ]
}

function recordDeletion(event: Extract<Event, { readonly kind: 'queue-deleted' }>, to: EventContext): void {
  const { process, ledger } = to
  const place = ledger.placeOf(event.queue)
  process.record(queueDeleted, { place, reason: event.reason, messages: event.messages.length })
  for (const message of event.messages) ledger.ended(process, event.queue, message, 'dropped', 'the queue was deleted')
  to.queueDeleted(event.queue)
}
