import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type ToldLesson, toldLesson } from '../../../scripts/lesson-stories.ts'
import type { AnyFact } from '../../../src/history/fact.ts'
import { faultStruck } from '../../../src/history/facts.ts'
import { sentenceLimit, type Story, type StoryStep } from '../../../src/report/story/story.ts'
import { remedyText } from '../../../src/report/story/remedy.ts'
import { ancestors } from '../../../src/report/trails.ts'
import type { Run } from '../../../src/run.ts'

const root = path.resolve(import.meta.dirname, '../../../scenarios')

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .toSorted()

const toldOf = (file: string, variant = ''): ToldLesson => toldLesson(path.join(root, file), variant)

function sentencesOf({ steps, remedy }: Story): readonly string[] {
  const told = steps.map(({ text }) => text)
  return (remedy === undefined ? told : [...told, remedyText(remedy)]).map((text) => text.replaceAll('\u00a0', ' '))
}

/**
 * Whether a violation depends on a fact: it names what the story is about or what that came from or went to; or it led to a fact that does;
 * or it is a fault of the schedule or came from one, and is about a node, a place or a group that had the message.
 */
function dependsOn({ history, rows }: Run, story: Story, step: AnyFact): boolean {
  const evidence = rows
    .flatMap(({ witnesses }) => witnesses.filter(({ item }) => item === story.item))
    .flatMap((one) => one.evidence)
  const about = new Set([...story.steps.map(({ fact }) => fact), ...evidence].flatMap(namesIn))
  if (namesIn(step).some((name) => about.has(name))) return true
  const behind = ancestors(history, [...evidence, ...story.steps.map(({ fact }) => fact)])
  if (behind.some(({ index }) => index === step.index)) return true
  const texts = (fact: AnyFact): readonly string[] =>
    ['target', 'place', 'partition', 'group', 'service', 'reason']
      .flatMap((field) => (typeof fact[field] === 'number' ? history.names.text(fact[field]).split(', ') : []))
      .concat(history.names.text(fact.node))
  const known = new Set(
    story.steps
      .filter(({ fact }) => fact.index !== step.index && namesIn(fact).length > 0)
      .flatMap(({ fact }) => texts(fact)),
  )
  return texts(step).some((text) => known.has(text)) || step.kind === faultStruck.name
}

/** Where faults struck what broke, each story names one of them, or who gave the message up by himself, or what stood in its way. */
function faultsBlamed({ scenario: { faults } }: Run, stories: readonly Story[]): boolean {
  const isBlamed = (story: Story): boolean =>
    sentencesOf(story).some(
      (text) =>
        faults.some(({ action }) => text.includes(`${action} struck `)) ||
        /failed to handle|left .* out|: (dropped|expired|dead-lettered)|was still in/.test(text),
    )
  return faults.length === 0 || stories.every(isBlamed)
}

/** Whether a step names its rule, or gives a reason that says enough. */
function restsOnSomething({ rule, fact }: StoryStep, { history }: Run): boolean {
  if (rule !== undefined) return rule.evidence === 'defined' || (rule.page ?? '').startsWith('https:')
  return typeof fact['reason'] === 'number' && history.names.text(fact['reason']) === 'rejected'
}

function namesIn(fact: AnyFact): readonly number[] {
  return [fact['message'], fact['parent'], fact['operation']].flatMap((name) =>
    typeof name === 'number' ? [name] : [],
  )
}

/**
 * What each lesson says in its `why`, as its stories have to say it: the last of them to be true is what decides. A lesson that breaks nothing has
 * none.
 */
const truths: Readonly<Record<string, readonly RegExp[]>> = {
  '00-the-tutorials/01-acknowledge-then-process': [
    /billing acknowledged order-17/,
    /billing crashed/,
    /acknowledge: after/,
  ],
  '00-the-tutorials/02-process-then-acknowledge': [
    /visibility timeout, 30 s after billing crashed/,
    /stores\.ledger\.ledger\.unique: operation/,
  ],
  '00-the-tutorials/03-in-processing-for-ever': [
    /billing crashed/,
    /still in queue\/orders \(processing\)/,
    /visibility-timeout: 30 s/,
  ],
  '00-the-tutorials/04-requeue-to-the-tail': [/failed to handle order-16/, /put order-16 back/, /requeue: head/],
  '00-the-tutorials/05-attempts-and-dead-letters': [/failed to handle order-17/, /attempt 3/],
  '00-the-tutorials/06-redrive': [/dead-lettered/, /60\.002223 s|applied order-15/, /overtaken, however few consumers/],
  '00-the-tutorials/07-the-late-subscriber': [
    /order-0 left events\/news: delivered/,
    /services\.audit\.receives\.after: 0/,
  ],
  '00-the-tutorials/08-one-subscriber-fails': [/audit failed to handle order-17/, /queues\.for-billing/],
  '00-the-tutorials/09-request-and-reply': [/no reply in time/, /client sent quote-7/, /asks\.timeout: 2 s/],
  '00-the-tutorials/10-the-reply-before-the-wait': [/nobody waits for this reply/, /registers: before-send/],
  '00-the-tutorials/11-the-unknown-type': [/does not know the type refund/, /on-unknown: discard/],
  '00-the-tutorials/12-the-broker-restarts': [/queue crashed/, /lost \(the memory is gone\)/],
  '00-the-tutorials/13-the-swallowed-error': [/failed to handle order-17/, /on-error: requeue \(here swallow\)/],
  '01-delivery/at-least-once': [/reset-connections struck shop, queue/, /shop took order-17 as unknown/],
  '01-delivery/at-most-once': [/queue crashed/, /shop took order-50 as assumed/, /wait for/],
  '01-delivery/exactly-once': [/billing-1 crashed/, /visibility timeout/, /stores\.ledger\.ledger\.unique: operation/],
  '01-delivery/order-and-competing-consumers': [
    /billing-1 was handed order-8/,
    /billing-2 was handed order-10/,
    /members: 1/,
  ],
  '01-delivery/the-poison-message': [
    /failed to handle order-17.* for the last of 5,686 times/,
    /order-18 was still in queue\/orders/,
    /queues\.orders\.attempts: 5/,
  ],
  '01-delivery/two-hops': [
    /billing crashed/,
    /mailing applied order-17\/invoice#1/,
    /stores\.archive\.ledger\.unique: operation/,
  ],
  '02-idempotency/a-filter-is-no-memory': [/left order-99 out: the filter has it/, /bits: 100000/],
  '02-idempotency/a-lock-service-that-forgets': [/locks crashed/, /a higher token has written/],
  '02-idempotency/a-lock-through-a-pause': [
    /billing-2 froze/,
    /billing-2 applied order-17/,
    /strategy\.fencing\.checks: true/,
  ],
  '02-idempotency/a-state-out-of-date': [/dead-lettered/, /applied order-45/, /strategy: newer-version/],
  '02-idempotency/acknowledged-inside': [/billing-2 acknowledged order-17/, /billing-2 crashed/],
  '02-idempotency/another-id': [/shop sent order-17'1/, /strategy\.inbox\.key: operation/],
  '02-idempotency/commit-then-send': [/billing-2 crashed/, /strategy: outbox-and-inbox/],
  '02-idempotency/memory-that-forgets': [/visibility timeout, 1 min after/, /time-to-live/],
  '02-idempotency/one-end-for-all': [/visibility timeout, 20 s after/, /time-to-live/],
  '02-idempotency/optimistic-locking': [/billing-2 crashed/, /strategy: expected-version/],
  '02-idempotency/redelivered-is-not-done': [/billing-1 crashed/, /left order-17 out: it was delivered before/],
  '02-idempotency/the-card-is-charged-twice': [/billing-2 crashed/, /strategy: idempotency-key/],
  '02-idempotency/the-claim-of-the-dead': [/billing-2 crashed/, /left order-17 out: claimed already/],
  '02-idempotency/the-lock-of-a-lost-host': [/billing-1 lost power/, /idle_in_transaction_session_timeout/],
  '02-idempotency/the-outbox-is-not-exactly-once': [
    /billing crashed/,
    /put order-17\/invoice#1 into/,
    /strategy: inbox/,
  ],
  '02-idempotency/the-position-beside-the-effect': [/billing crashed/, /strategy: stored-position/],
  '02-idempotency/we-check-first': [/billing-2 froze/, /strategy: inbox/],
  '03-one-shop/in-memory': [/put order-20 into orders\/orders/],
  '03-one-shop/on-a-redis-list': [/put order-60 back into orders\/orders/, /strategy: inbox/],
  '03-one-shop/on-a-redis-stream': [/reset-connections struck shop/, /put order-20 into orders\/orders/],
  '03-one-shop/on-kafka': [/billing-2 crashed/, /applied order-60/, /strategy: inbox/],
  '03-one-shop/on-kinesis': [/reset-connections struck shop/, /applied order-60/, /strategy: inbox/],
  '03-one-shop/on-rabbitmq': [/reset-connections struck shop/, /put order-20 into orders\/orders/],
  '03-one-shop/on-sqs': [/reset-connections struck shop/, /put order-20 into orders\/orders/],
  '03-one-shop/on-sqs-fifo': [/order-60 was visible in orders\/orders\.fifo again/, /strategy: inbox/],
  'kafka/broker-controller-quorum-lost': [/events-controller-2 crashed/, /events-1 crashed/, /settling\.heal/],
  'kafka/broker-in-sync-set-of-one': [/\(unclean\)/, /dropped 79 records/, /min\.insync\.replicas: 2/],
  'kafka/broker-last-in-sync-replica-down': [/nobody was elected leader/, /settling\.heal/],
  'kafka/broker-power-loss-of-all-replicas': [
    /events-1 lost power/,
    /lost \(lost with the power\)/,
    /flush\.messages: 1/,
  ],
  'kafka/broker-split-brain-of-an-isolated-leader': [
    /partition struck/,
    /events-2 was elected leader/,
    /truncated/,
    /acks: all/,
  ],
  'kafka/broker-unclean-leader': [
    /events-3 was elected leader .*\(unclean\)/,
    /unclean\.leader\.election\.enable: false/,
  ],
  'kafka/consumer-auto-commit-and-threads': [
    /billing committed offset 140/,
    /billing crashed/,
    /enable\.auto\.commit: false/,
  ],
  'kafka/consumer-auto-commit-on-close': [/billing committed offset 150/, /enable\.auto\.commit: false/],
  'kafka/consumer-commit-first': [/billing committed offset 61/, /billing crashed/, /acknowledge: after/],
  'kafka/consumer-late-for-new-partitions': [
    /began events\/orders\/3 at offset 17: no committed offset/,
    /auto\.offset\.reset: earliest/,
  ],
  'kafka/consumer-leader-of-yesterday': [
    /events-1 lost power/,
    /began events\/orders\/0 at offset 0: its offset was out of range/,
  ],
  'kafka/consumer-offsets-that-expired': [
    /began events\/orders\/0 at offset 100: no committed offset/,
    /auto\.offset\.reset: earliest/,
  ],
  'kafka/consumer-poison-record': [/failed to handle order-17/, /order-18 was still in/, /on-error: discard/],
  'kafka/consumer-process-first': [
    /billing crashed/,
    /removed billing.* time-out/,
    /stores\.ledger\.ledger\.unique: operation/,
  ],
  'kafka/consumer-replica-nearby': [
    /events-2 lost power/,
    /began events\/orders\/0 at offset 0: its offset was out of range/,
  ],
  'kafka/consumer-starts-at-latest': [
    /began events\/orders\/0 at offset 61: no committed offset/,
    /auto\.offset\.reset: earliest/,
  ],
  'kafka/group-commit-before-letting-go': [/removed billing-3.*: left/, /on-partitions-revoked: commit/],
  'kafka/group-handler-without-heartbeats': [/removed billing-2.*: time-out/, /sessionTimeout: 1 min 30 s/],
  'kafka/group-livelock-of-a-heavy-batch': [/removed billing-2.*: left/, /max\.poll\.records: 50/],
  'kafka/group-revoked-with-work-in-hand': [/removed billing-1.*: left/, /concurrency: 1/],
  'kafka/group-silent-consumer': [/billing-1 crashed/, /time-out, 43 s after billing-1 crashed/],
  'kafka/group-too-slow-between-polls': [/removed billing-1.* from billing: left/, /max\.poll\.records: 50/],
  'kafka/group-zombie': [/billing-1 froze/, /45 s after billing-1 froze/],
  'kafka/produce-acks-0': [/shop took order-60 as assumed/, /events-1 crashed/, /acks: all/],
  'kafka/produce-acks-1': [
    /events-1 crashed/,
    /events-2 was elected leader/,
    /events-1 truncated events\/orders\/0/,
    /producer\.acks: all \(here 1\)/,
  ],
  'kafka/produce-first-batch-overtaken': [
    /refused order-0: NOT_ENOUGH_REPLICAS/,
    /refused order-0: OUT_OF_ORDER_SEQUENCE_NUMBER/,
    /max\.in\.flight\.requests\.per\.connection: 1/,
  ],
  'kafka/produce-forgotten-producer': [
    /partition struck/,
    /order-60 to events\/orders\/0 at offset 61/,
    /producer\.id\.expiration\.ms/,
  ],
  'kafka/produce-lost-answer': [
    /reset-connections struck/,
    /order-60 to events\/orders\/0 at offset 61/,
    /enable\.idempotence: true/,
  ],
  'kafka/produce-more-partitions': [/order-72 to events\/orders\/0/, /order-192 to events\/orders\/2/],
  'kafka/produce-new-producer': [/shop crashed/, /order-60 to events\/orders\/0 at offset 61/],
  'kafka/produce-out-of-order-sequence': [/\(unclean\)/, /truncated/, /unclean\.leader\.election\.enable: false/],
  'kafka/produce-overtaken-retry': [/events-1 crashed/, /events-2 appended order-78/, /enable\.idempotence: true/],
  'kafka/produce-retries-run-out': [/events-1 crashed/, /events-2 appended order-145/, /applied order-95/],
  'kafka/produce-send-again-yourself': [/shop took order-17 as unknown/, /offset 50/, /delivery\.timeout\.ms/],
  'kafka/produce-sequence-taken-back': [/recognised order-61 as the retry/, /in-flight: 1/],
  'kafka/produce-slow-follower': [/slow-link struck/, /for the last of 6 times/, /replica\.lag\.time\.max\.ms: 3 s/],
  'kafka/produce-topic-nobody-created': [/nobody was elected leader/, /auto\.create\.topics\.enable: false/],
  'kafka/produce-without-key': [
    /order-16 to events\/orders\/2/,
    /order-31 to events\/orders\/0/,
    /partitioner\.ignore\.keys: false/,
  ],
  'kinesis/consume-a-batch-that-throws': [
    /failed to handle order-30/,
    /skipped the rest of a batch/,
    /on-exception: retry \(here skip\)/,
  ],
  'kinesis/consume-again-since-the-checkpoint': [
    /billing-2 crashed/,
    /billing-1 took the lease .* it was not renewed in time/,
    /stores\.ledger\.ledger\.unique: operation/,
  ],
  'kinesis/consume-checkpoint-first': [
    /billing crashed/,
    /began events\/orders\/shardId-000000000000 at sequence number 81: its checkpoint/,
    /checkpoint: after-batch/,
  ],
  'kinesis/consume-from-the-latest': [/at sequence number 61: no checkpoint, LATEST/, /TRIM_HORIZON \(here LATEST\)/],
  'kinesis/consume-from-the-latest-again': [
    /billing crashed/,
    /at sequence number 101: no checkpoint, LATEST/,
    /TRIM_HORIZON \(here LATEST\)/,
  ],
  'kinesis/consume-later-than-it-is-kept': [
    /expired \(older than the retention period\)/,
    /RetentionPeriodHours: 168 \(here 24\)/,
  ],
  'kinesis/consume-poison-in-its-place': [
    /failed to handle order-30/,
    /order-31 was still in/,
    /retry-attempts: 3 \(here none\)/,
  ],
  'kinesis/consume-zombie': [
    /billing-1 froze/,
    /billing-2 took the lease/,
    /stores\.ledger\.ledger\.unique: operation/,
  ],
  'kinesis/order-that-nobody-keeps': [
    /status-1 into events\/parcels\/shardId-000000000003/,
    /status-28 into events\/parcels\/shardId-000000000001/,
    /USER_PARTITION_KEY \(here AUTO\)/,
  ],
  'kinesis/put-again-after-a-lost-answer': [
    /reset-connections struck shop, events-kinesis/,
    /put order-20 .* with sequence number 21/,
    /put order-20 .* with sequence number 35/,
  ],
  'kinesis/put-in-the-background': [/did not take status-\d+: too many bytes/, /producer\.api: PutRecord \(here KPL\)/],
  'kinesis/put-many-and-some-fail': [
    /had taken all the bytes/,
    /shop took order-19 as assumed/,
    /failed-entries: retry \(here ignore\)/,
  ],
  'kinesis/put-quickly-one-after-the-other': [
    /with sequence number \d+/,
    /SequenceNumberForOrdering: true \(here false\)/,
  ],
  'kinesis/put-to-one-key': [/did not take order-37: too many bytes in a second/],
  'kinesis/reshard-children-first': [/applied status-98/, /parents-first: true \(here false\)/],
  'kinesis/reshard-end-not-confirmed': [
    /waits with events\/orders\/shardId-000000000002 until events\/orders\/shardId-000000000000 is at its end/,
    /checkpoint-at-shard-end: true \(here false\)/,
  ],
  'rabbitmq/consume-acknowledged-and-hung-up': [/reset-connections struck/, /put order-20 back/],
  'rabbitmq/consume-all-marked-as-redelivered': [
    /rabbit-1 lost power/,
    /found 50 messages/,
    /left order-0 out: it was delivered before/,
  ],
  'rabbitmq/consume-cancelled-in-silence': [/cancelled the consumer of billing/, /consumer_cancel_notify: true/],
  'rabbitmq/consume-crash-before-acknowledgement': [/billing-2 crashed/, /put order-20 back/],
  'rabbitmq/consume-exclusive-and-locked-out': [/RESOURCE_LOCKED/, /found no queue for late-0/, /on-closed: reopen/],
  'rabbitmq/consume-half-open-connection': [/billing-1 lost power/, /3 min after billing-1 lost power/],
  'rabbitmq/consume-never-acknowledged': [
    /order-0 was still in rabbit\/orders \(unacknowledged\)/,
    /acknowledge: after/,
  ],
  'rabbitmq/consume-pause-and-heartbeat': [/billing-1 froze/, /connection closed/, /requestedHeartbeat: 30 s/],
  'rabbitmq/consume-poison-at-the-head': [/failed to handle order-5/, /put order-5 back/, /on-error: discard/],
  'rabbitmq/consume-priority-is-no-promise': [/slow was handed order-5/, /prefetch: 50/, /a queue each/],
  'rabbitmq/consume-requeued-and-overtaken': [
    /put status-20 back/,
    /tracking-1 applied status-21/,
    /x-single-active-consumer: true/,
  ],
  'rabbitmq/consume-single-active-and-paused': [
    /tracking-1 froze/,
    /tracking-2 became the active consumer/,
    /newer-version/,
  ],
  'rabbitmq/consume-without-a-limit': [/order-499 left rabbit\/orders: delivered/, /billing crashed/, /noAck: false/],
  'rabbitmq/consume-without-acknowledgement': [/left rabbit\/orders: delivered/, /billing crashed/, /noAck: false/],
  'rabbitmq/consume-zombie-after-timeout': [
    /slow struck billing-1/,
    /put order-0 back .*channel closed/,
    /consumer_timeout: 2 h/,
  ],
  'rabbitmq/dead-letters-into-nothing': [/dropped \(rejected; no queue takes its dead letter\)/, /bindings\.parked/],
  'rabbitmq/dead-ttl-of-zero': [/left rabbit\/quotes: expired/, /x-message-ttl: 2 s/],
  'rabbitmq/idiom-redrive': [
    /dead-lettered/,
    /applied order-5 /,
    /the effect came once, with stores\.ledger\.ledger\.unique/,
  ],
  'rabbitmq/idiom-request-reply': [/server-2 crashed/, /put web-20 back/],
  'rabbitmq/idiom-retry-and-park': [/failed to handle order-9/, /left rabbit\/later: dead-lettered/],
  'rabbitmq/idiom-topics': [/put paid-1 into rabbit\/audit/, /put eu-1 into rabbit\/audit/],
  'rabbitmq/idiom-triage': [/dead-lettered \(expired\)/, /dead-lettered \(rejected\)/, /set aside and not gone/],
  'rabbitmq/idiom-work-queue': [/worker-1 crashed/, /put order-30 back/],
  'rabbitmq/pipeline-from-a-log': [/billing crashed/, /acknowledge: after/],
  'rabbitmq/publish-again-after-a-lost-confirm': [/reset-connections struck shop/, /put order-20 into rabbit\/orders/],
  'rabbitmq/publish-and-acknowledge-on-one-connection': [/stopped reading from billing: memory/, /connection: out/],
  'rabbitmq/publish-confirms-out-of-order': [
    /slow-disk struck/,
    /shop took order-0 as confirmed/,
    /it was not on the disk yet/,
    /by-tag/,
  ],
  'rabbitmq/publish-persistent-without-confirms': [
    /rabbit-1 lost power/,
    /it was not on the disk yet/,
    /confirms: true/,
  ],
  'rabbitmq/publish-refused-and-overtaken': [/dropped \(the queue is full\)/, /in-flight: 1/],
  'rabbitmq/publish-to-a-queue-that-is-not-durable': [/rabbit-1 stopped/, /its queue was not durable/, /durable: true/],
  'rabbitmq/publish-transient-and-confirmed': [/rabbit-1 stopped/, /it was transient/, /delivery_mode: 2/],
  'rabbitmq/publish-without-confirms': [/partition struck/, /as assumed/, /confirms: true/],
  'rabbitmq/queue-drops-its-head': [/dropped \(the queue was too long\)/, /x-overflow: reject-publish/],
  'rabbitmq/retry-count-in-x-death': [/x-death says 1, for the last of 50 times/],
  'rabbitmq/retry-forever': [/left rabbit\/later: dead-lettered .*for the last of 100 times/],
  'rabbitmq/retry-overtaken': [/left rabbit\/later: dead-lettered/, /applied change-57/, /on-error: requeue/],
  'rabbitmq/retry-publish-then-acknowledge': [/sorting crashed/, /put order-5 back/, /put order-5\/retry#1 into/],
  'rabbitmq/rpc-direct-reply': [
    /reset-connections struck client/,
    /dropped \(whoever asked is gone\)/,
    /on-timeout: ask-again/,
  ],
  'rabbitmq/rpc-late-reply': [/taken for the reply to question-7/, /correlation: checked/],
  'sqs/batch-not-all-deleted': [/did not look at Failed: the deletion of/, /failed-deletions: deleted-again/],
  'sqs/batch-overtaken': [/its entry of the batch failed/, /producer\.batch-size: 1/],
  'sqs/batch-with-a-failed-entry': [/did not look at Failed: the send of/, /failed-entries: sent-again/],
  'sqs/dead-letter-gone-too-soon': [
    /dead-lettered \(received 6 times\)/,
    /left sqs\/dead: expired/,
    /dead\.MessageRetentionPeriod: 336 h/,
  ],
  'sqs/dead-letter-poison': [/failed to handle order-5.* for the last of 60 times/, /left sqs\/orders: expired/],
  'sqs/dead-letter-redriven-at-once': [
    /StartMessageMoveTask on sqs\/dead was called/,
    /MaxNumberOfMessagesPerSecond: 3/,
  ],
  'sqs/dead-letter-redriven-behind-newer': [/dead-lettered/, /applied change-9 /, /newer-version/],
  'sqs/fifo-a-group-that-waits': [/crashed/, /visible in sqs\/orders\.fifo again: visibility timeout/],
  'sqs/fifo-behind-a-backlog': [/froze/, /row-0 was visible in sqs\/orders\.fifo again/],
  'sqs/fifo-exactly-once-in-time': [/slow struck/, /visibility timeout/, /heartbeatInterval: 10 s/],
  'sqs/fifo-sent-again-and-swallowed': [/took order-7 for order-7/, /MessageDeduplicationId: call/],
  'sqs/fifo-sent-again-too-late': [/partition struck/, /put order-17 into sqs\/orders\.fifo/, /unique: operation/],
  'sqs/fifo-two-that-read-alike': [/took order-\d+ for order-\d+/, /MessageDeduplicationId: operation/],
  'sqs/queue-deleted-while-sending': [/DeleteQueue on sqs\/orders took effect/, /dropped \(the queue was deleted\)/],
  'sqs/queue-older-than-its-retention': [/left sqs\/orders: expired/, /MessageRetentionPeriod: 336 h/],
  'sqs/queue-purged-too-late': [/PurgeQueue on sqs\/orders took effect/, /dropped \(purged\)/],
  'sqs/queue-too-many-in-flight': [/billing-1 froze/, /visibility timeout/],
  'sqs/receive-hidden-for-too-short': [/slow struck/, /visibility timeout/, /heartbeatInterval: 10 s/],
  'sqs/receive-the-wall-of-twelve-hours': [/hidden for 12 hours at most/, /visible in sqs\/videos again/],
  'sqs/standard-a-copy-that-was-away': [/crashed/, /did not hear of the deletion of order-17/, /unique: operation/],
  'sqs/standard-out-of-order': [/applied change-\d+/, /newer-version/],
  'sqs/standard-sent-again-by-the-sdk': [
    /reset-connections struck shop, sqs-endpoint/,
    /put order-17 into sqs\/orders/,
  ],
  'redis/channel-connection-drops': [/has display as a subscriber no more/, /dropped \(nobody is subscribed\)/],
  'redis/channel-nobody-listens': [/dropped \(nobody is subscribed\)/, /sends\.after: 2 s/],
  'redis/channel-server-restarts': [/redis-1 stopped/, /dropped \(nobody is subscribed\)/],
  'redis/channel-slow-subscriber': [/display froze/, /client-output-buffer-limit\.pubsub: 32mb 8mb 60/],
  'redis/channel-split-brain': [/partition struck/, /left redis\/news/],
  'redis/durable-full-disk': [/\(attempt 2\)/],
  'redis/durable-kernel-decides': [/redis-1 lost power/, /lost \(the disk did not have it\)/, /appendfsync: always/],
  'redis/durable-out-of-memory': [/dropped \(the key was evicted\)/, /maxmemory-policy: noeviction/],
  'redis/durable-power-is-gone': [/redis-1 lost power/, /lost \(the disk did not have it\)/, /appendfsync: always/],
  'redis/durable-slow-disk': [
    /slow-disk struck/,
    /lost \(it was in the memory of the process\)/,
    /appendfsync: always/,
  ],
  'redis/durable-snapshots-only': [
    /redis-1 crashed/,
    /lost \(it was in the memory of the process\)/,
    /appendonly: true/,
  ],
  'redis/failover-acknowledged-again': [/billing acknowledged order-20/, /redis-1 crashed/, /unique: operation/],
  'redis/failover-empty-master': [/redis-1 crashed/, /redis-1 does not have it/, /appendonly: true/],
  'redis/failover-lost-writes': [/redis-1 crashed/, /redis-2 does not have it/, /wait\.numreplicas: 2/],
  'redis/failover-no-replica-left': [/\(attempt 2\)/],
  'redis/failover-popped-twice': [/partition struck/, /worker-\d was handed job-\d+ \(attempt 2\)/],
  'redis/failover-reader-ahead': [/clock-skew struck|power-loss struck|redis-1 lost power/, /appendfsync: always/],
  'redis/failover-split-brain': [/partition struck/, /redis-2 does not have it/],
  'redis/failover-two-sentinels': [/redis-1 crashed/, /sentinels: 3/],
  'redis/failover-wait-and-retry': [/redis-2 froze/, /took order-20 as unknown/, /idempotency: IDMP/],
  'redis/failover-wait-on-another-connection': [/redis-1 crashed/, /redis-2 does not have it/, /client: node-redis/],
  'redis/list-answer-lost': [/delivered \(it was popped\)/, /take: BLMOVE/],
  'redis/list-between-two-commands': [/worker-1 crashed/, /in redis\/jobs \(processing\)/, /enqueue: script/],
  'redis/list-overtaken': [/worker-1 froze/, /members: 1/],
  'redis/list-popped-and-crashed': [/delivered \(it was popped\)/, /worker-1 crashed/, /visibility_ms: 5 s/],
  'redis/list-pushed-again': [/reset-connections struck/, /enqueue: script/],
  'redis/list-reaper-in-steps': [
    /left redis\/jobs: acknowledged \(it was removed\)/,
    /worker-1 crashed/,
    /reaper: script/,
  ],
  'redis/list-visibility-too-short': [/worker-2 froze/, /it was in processing for too long/, /visibility_ms: 30 s/],
  'redis/list-zombie-completes': [/worker-1 froze/, /it was in processing for too long/],
  'redis/stream-added-again': [/reset-connections struck/, /idempotency: IDMP/],
  'redis/stream-another-producer-id': [/shop crashed/, /pid: service/],
  'redis/stream-answer-lost': [/to billing \(new, delivery 1\)/, /reset-connections struck/, /min-idle-time: 5 s/],
  'redis/stream-claimed-too-early': [/slow struck billing-1/, /min-idle-time: 1 min/],
  'redis/stream-consumer-deleted': [/consumer-deleted/, /delete-on-close: false/],
  'redis/stream-dead-consumer': [/billing-2 crashed/, /min-idle-time: 5 s/],
  'redis/stream-group-begins-late': [/created the group billing/, /start: 0/],
  'redis/stream-key-deleted': [/redis\/orders was deleted, and its groups with it/, /deleted-at: none/],
  'redis/stream-known-for-a-while': [/shop crashed/, /stream-idmp-duration: 10 min/],
  'redis/stream-noack': [/billing crashed/, /noack: false/],
  'redis/stream-only-new': [/billing crashed/, /read-pending: at-start/],
  'redis/stream-overtaken': [/tracking-1 froze/, /members: 1/],
  'redis/stream-poison': [/failed to handle order-5/, /max-deliveries: 3/],
  'redis/stream-read-again-and-again': [
    /partition struck billing-1, bills/,
    /failed to handle order-20.* for the last of 68 times/,
  ],
  'redis/stream-same-content': [/knew order-10 of shop/, /its id was known already/, /content: message/],
  'redis/stream-trimmed-unread': [/dropped \(the stream was trimmed\)/, /maxlen: 1,?000/],
  'redis/stream-zombie-acknowledges': [/billing-1 froze/, /min-idle-time: 1 min/],
}

describe('the stories of the lessons', () => {
  it.each(files)(
    'of %s are short, in order, about what matters, end with what prevents it, and tell the true cause',
    (file) => {
      const { ran, stories, saved, flaws } = toldOf(file)
      expect(flaws).toEqual([])
      const broken = ran.rows.some(({ verdict }) => verdict === 'violated')
      expect(stories.length > 0).toBe(broken)
      for (const story of [...stories, ...saved]) {
        expect(sentencesOf(story).length).toBeLessThanOrEqual(sentenceLimit)
        expect(sentencesOf(story).length).toBeGreaterThan(1)
        const places = story.steps.map(({ fact }) => fact.index)
        expect(places).toEqual([...new Set(places)].toSorted((one, other) => one - other))
        expect(story.steps.filter(({ fact }) => !dependsOn(ran, story, fact)).map(({ text }) => text)).toEqual([])
        const isDoneByProduct = ({ fact }: StoryStep): boolean =>
          ran.systems.some((system) => system.facts.some(({ name }) => name === fact.kind))
        expect(story.steps.filter((step) => isDoneByProduct(step) && !restsOnSomething(step, ran))).toEqual([])
      }
      expect(faultsBlamed(ran, stories)).toBe(true)
      const told = stories.map((story) => sentencesOf(story).join('\n')).join('\n\n')
      const said = truths[file.replace(/\.yaml$/, '')] ?? []
      expect(said.length > 0).toBe(broken)
      for (const sentence of said) expect(told).toMatch(sentence)
    },
  )

  const rescues: readonly (readonly [file: string, variant: string, heading: string, outcome: RegExp, step: RegExp])[] =
    [
      [
        '01-delivery/exactly-once',
        'the-store-decides',
        'billing no-duplicates (effect)',
        /copy was recognised and left out/,
        /has it already/,
      ],
      [
        'kafka/produce-lost-answer',
        'idempotence',
        'billing no-duplicates (effect)',
        /the product knew it again/,
        /recognised order-60 as the retry/,
      ],
      ['kafka/broker-failover', '', 'billing no-loss (effect)', /went on until it was confirmed/, /events-1 crashed/],
      [
        '00-the-tutorials/02-process-then-acknowledge',
        '',
        'billing no-loss (effect)',
        /handed out again/,
        /put order-17 back/,
      ],
      [
        'kafka/broker-controller-quorum-lost',
        '',
        'billing no-loss (effect)',
        /others had it when events-1 was gone/,
        /events-1 crashed/,
      ],
      [
        'rabbitmq/idiom-publish-subscribe',
        '',
        'search no-loss (effect)',
        /waited until search was back/,
        /was handed order/,
      ],
      [
        'kafka/broker-disk-of-the-leader-fails',
        '',
        'billing no-loss (effect)',
        /went on until it was confirmed/,
        /refused order-60: KAFKA_STORAGE_ERROR/,
      ],
      [
        'rabbitmq/publish-under-an-alarm',
        '',
        'billing no-loss (effect)',
        /^order-\d+: its producer went on until it was confirmed/,
        /shop sent order-/,
      ],
      [
        'kafka/broker-high-watermark-of-a-new-leader',
        '',
        'billing no-loss (effect)',
        /went on until it was confirmed/,
        /was elected leader/,
      ],
      [
        'kafka/produce-too-few-replicas',
        '',
        'audit no-loss (effect)',
        /nobody was told that it is safe/,
        /took order-\d+ as unknown/,
      ],
      ['rabbitmq/idiom-delay', '', 'cancelling no-loss (effect)', /found it on its disk again/, /rabbit-1 /],
    ]

  it.each(rescues)('of %s %s say what saved %s', (file, variant, heading, outcome, step) => {
    const story = toldOf(`${file}.yaml`, variant).saved.find((one) => one.heading === heading)
    expect(story?.outcome).toMatch(outcome)
    expect(story && sentencesOf(story).some((text) => step.test(text))).toBe(true)
  })

  it('say of nothing that it was saved where nothing was in danger', () => {
    expect(toldOf('01-delivery/exactly-once.yaml', 'no-faults').saved).toEqual([])
  })
})
