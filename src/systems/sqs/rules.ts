import type { NeutralRule } from '../system.ts'
import { pages } from './options/pages.ts'

/** Why neutral facts come about in Amazon SQS. */
export const sqsRules: readonly NeutralRule[] = [
  ended({ fate: 'acknowledged' }, 'A consumer deletes what it has handled; nothing else does.', pages.deleteMessage),
  ended(
    { fate: 'expired' },
    'What is older than the retention period is deleted, whether or not anybody received it.',
    pages.createQueue,
  ),
  ended(
    { fate: 'dead-lettered' },
    'What was received as often as the redrive policy allows is moved when it is requested once more; a receive counts even if its answer is lost.',
    pages.deadLetters,
  ),
  ended({ fate: 'dropped', reason: 'purged' }, 'A purge also deletes what is sent before it is over.', pages.purge),
  ended(
    { fate: 'dropped', reason: 'the queue was deleted' },
    'Sends may succeed for 60 seconds after a queue is deleted, and are gone with it.',
    pages.deleteQueue,
  ),
  ended(
    { fate: 'moved' },
    'A redrive sends dead letters to their queue again, as new messages behind those that are there.',
    pages.redrive,
  ),
]

function ended(values: NeutralRule['values'], statement: string, page: string): NeutralRule {
  return { fact: 'copy-ended', values, rule: { statement, evidence: 'documented', page } }
}
