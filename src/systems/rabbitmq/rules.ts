import type { NeutralRule } from '../system.ts'
import { pages } from './options/pages.ts'

/** Why neutral facts come about in RabbitMQ. */
export const rabbitRules: readonly NeutralRule[] = [
  ended(
    { fate: 'acknowledged' },
    'What is acknowledged is removed from its queue, whatever was done with it.',
    pages.confirms,
  ),
  ended(
    { fate: 'delivered' },
    'With automatic acknowledgement a message is done with as soon as it is sent.',
    pages.confirms,
  ),
  ended(
    { fate: 'expired' },
    'What has waited for longer than its time to live is removed from the head of its queue.',
    pages.ttl,
  ),
  ended(
    { fate: 'lost', reason: 'transient' },
    'A transient message does not survive a restart, confirmed or not.',
    pages.queues,
  ),
  ended({ fate: 'lost', reason: 'durable' }, 'A queue that is not durable is not there after a restart.', pages.queues),
  ended(
    { fate: 'lost', reason: 'not on the disk' },
    'Persistent messages are written in batches, and only a confirm says that the disk has them.',
    pages.confirms,
  ),
  ended(
    { fate: 'dead-lettered' },
    'What is rejected, expires or finds its queue full is published again to the dead-letter exchange.',
    pages.dlx,
  ),
  ended(
    { fate: 'dropped', reason: 'no queue takes its dead letter' },
    'A classic queue publishes its dead letters without confirms; what is not routed is gone.',
    pages.dlx,
  ),
  ended(
    { fate: 'dropped', reason: 'go round for ever' },
    'A message that comes round to a queue without having been rejected on the way is dropped.',
    pages.dlx,
  ),
  ended(
    { fate: 'dropped', reason: 'the queue was too long' },
    'A queue that is full drops its oldest message to take the new one, which is confirmed.',
    pages.maxLength,
  ),
  ended({ fate: 'dropped', reason: 'the queue was deleted' }, 'The messages of a queue go with it.', pages.queues),
  ended(
    { fate: 'dropped', reason: 'whoever asked is gone' },
    'A direct reply goes to the channel that asked; if that is gone it is dropped.',
    'https://www.rabbitmq.com/docs/direct-reply-to',
  ),
]

function ended(values: NeutralRule['values'], statement: string, page: string): NeutralRule {
  return { fact: 'copy-ended', values, rule: { statement, evidence: 'documented', page } }
}
