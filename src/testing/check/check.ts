import type { OutgoingMessage } from '../adapters/sending.ts'
import type { ShapedHandler } from '../bridge/shaped-handler.ts'
import type { FinalApi } from '../dependencies/dependencies.ts'
import type { SimulatedApi } from '../dependencies/http/simulated-api.ts'
import type { FinalCache } from '../dependencies/ioredis/final-cache.ts'
import type { RowEffects } from '../dependencies/pg/effect-rules.ts'
import type { FinalDatabase } from '../dependencies/pg/final-database.ts'
import type { DependencyTools } from '../dependencies/tools.ts'
import type { CheckedSystem } from './systems/checked-system.ts'

/** A message of a check, as whoever sends it makes it. */
export interface FixtureMessage {
  /** Orders messages, and chooses the partition where there are some. Default: none. */
  readonly key?: string | null
  /** What the consumer gets; it is copied for each delivery. */
  readonly value?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** What kind of message it is. */
  readonly type?: string
}

/** A message as a plain handler gets it. */
export interface ReceivedMessage {
  /** The name of the message: `message-7` is the eighth of the check. */
  readonly id: string
  readonly key: string
  /** The value of the fixture, a copy for each delivery. */
  readonly value: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly type: string
  /** Which delivery of this message it is, from 1. */
  readonly attempt: number
  /** What the product says of earlier deliveries: some mark them, some do not. */
  readonly redelivered: boolean
  readonly partition: string
  /** Its place in the partition, or -1 where the product has none. */
  readonly offset: number
}

/** A message that the code sent, as whoever reads it gets it. */
export interface SentMessage {
  /** Its name in what is told: `order-7/receipts#1` is the first one to `receipts` for the operation `order-7`. */
  readonly id: string
  readonly key: string
  /** As it was sent: text where it was text or bytes that are text. */
  readonly value: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly type: string
}

/** A message that the code sends, before it has a name. */
export type MessageToSend = Omit<SentMessage, 'id'>

/** Where the code sends to, and what has to hold of it. */
export interface DeclaredOutput {
  /** The topic, the queue, or `exchange/routing.key`. Default: the name of the output. */
  readonly to?: string
  /** Where whoever judges it receives, where that is another place: the queue that an exchange leads to. Default: `to`. */
  readonly from?: string
  /** Options of the producer that the code sends with, under the product's own names. Default: the product's. */
  readonly producer?: Readonly<Record<string, unknown>>
  /**
   * By what a reader recognises what it has read already: `({ headers }) => headers['message-id']`. Default: it takes each delivery as it comes, so
   * that what is sent twice is read twice.
   */
  recognises?(message: SentMessage): unknown
  /**
   * Which operation of the check a message is about: `({ value }) => JSON.parse(value).orderId`. Needed of code that sends outside of any handling, as
   * a relay does that empties an outbox on a timer; there a second message about the same is the same one. Default: that of the message at hand.
   */
  about?(message: MessageToSend): unknown
  /**
   * Whether what is sent here is set aside, as dead letters are: then the operation that it is about owes no effect any more, once the message has
   * been read here. Default: no.
   */
  readonly parks?: boolean
  /** What must hold from the sender of the messages to the reader of the output. Default: the guarantees of the check; nothing, where it parks. */
  readonly guarantees?: readonly string[]
}

/** What a plain handler may use. */
export interface Tools extends DependencyTools {
  /**
   * Sends to an output of the check through the product's producer; rejects when it is not taken, or nobody knows whether it is. The same message of
   * a later attempt is the same one: the n-th to this output for the operation.
   */
  send(output: string, message: OutgoingMessage): Promise<void>
  /**
   * Applies the effect of a message to the first store; rejects when the store refuses or does not answer. Without the message: of the one that is
   * being handled, or of the first one of a batch.
   */
  effect(message?: object): Promise<void>
  /** A line in the timeline of a counterexample. */
  log(...values: readonly unknown[]): void
}

/** A consumer as people write it: ordinary asynchronous code. */
export type Handler = (message: ReceivedMessage, tools: Tools) => unknown

/** A consumer as somebody wrote it: a plain function, or one in the shape of a client library, made by an adapter such as `kafkajs.eachMessage`. */
export type AnyHandler = Handler | ShapedHandler

/** A handler, and what to do when the process is told to stop: by then nothing new has begun, and what was in hand is finished. */
export interface StoppableConsumer {
  readonly handle: AnyHandler
  shutdown(): unknown
}

type Made = AnyHandler | StoppableConsumer

/** Called once for each start of a process: what the code keeps in variables is gone after a crash. */
export type ConsumerFactory = (tools: Tools) => Made | Promise<Made>

/** One version of the code, or the one that is running and the one that is deployed over it. */
export type CheckedConsumer = ConsumerFactory | { readonly from: ConsumerFactory; readonly to: ConsumerFactory }

/** Code under test, what is sent to it, where it breaks, and what has to hold all the same. */
export interface DeliveryCheck<M extends FixtureMessage = FixtureMessage> {
  /** Names the check in what is told, and its saved cases. */
  readonly name: string
  readonly system: CheckedSystem
  /** The code under test: called once for each start of a process, it gives the handler. Either this or `handle`. */
  readonly consumer?: CheckedConsumer
  /** The handler itself, for code that keeps nothing. */
  readonly handle?: AnyHandler
  /** The messages, or what makes the n-th one (from 0), or the file of a recorded trace (`.csv`, `.jsonl`). */
  readonly messages: readonly M[] | ((n: number) => M) | string
  /** How many messages, where a function makes them. Default 50. */
  readonly count?: number
  /** How many messages a second are sent. Default 100. */
  readonly rate?: number
  /** What "the same thing twice" means: messages with the same operation are about one thing. Default: each message is about its own. */
  operation?(message: M): string
  /**
   * Messages that the code rightly ignores: they owe nobody an effect. Default: none. It is asked of an operation only if it is true of all its
   * messages.
   */
  ignores?(message: M): boolean
  /**
   * Stores of the code, as a scenario file has them: `{ ledger: { ledger: {} } }`. A database has a `schema` beside that, in SQL:
   * `{ db: { database: {}, schema: 'create table payments (...)' } }`; a cache is `{ cache: { cache: {} } }`.
   */
  readonly stores?: Readonly<Record<string, unknown>>
  /**
   * APIs that the code calls, by method and address: `{ 'POST https://api.example.com/charges': chargesWithIdempotencyKeys() }`. Each host is a
   * store named after it (`api-example-com`), whose options may be given among the stores: `{ 'api-example-com': { 'http-api': { takes: '1s' } } }`.
   */
  readonly apis?: Readonly<Record<string, SimulatedApi>>
  /**
   * Which rows of the first database are effects, by table, and of which operation: `{ payments: (row) => row.order_id }`. Calls of an API are
   * effects of the message that is being handled (of `api(...)` only where it says so), unless a function under its name says of what: it is given the call.
   */
  readonly effects?: Readonly<Record<string, RowEffects>>
  /**
   * Where the code sends to, by the names that it uses: a topic of kafkajs; a queue, an exchange or `exchange/routing.key` of amqplib; the queue of
   * `replyTo`; what `send(...)` names. The guarantees are judged over the whole way; where the code has no other effects, over nothing else.
   */
  readonly sends?: Readonly<Record<string, DeclaredOutput>>
  /** What must be true of the stores when everything has settled. Throwing or giving `false` breaks it; may be asynchronous. */
  readonly invariants?: Readonly<Record<string, (state: FinalState) => unknown>>
  /** What must hold: `exactly-once`, `no-loss`, `ordered-per-key` ... Default: `no-loss` and `no-duplicates`. */
  readonly guarantees?: readonly string[]
  /** The name of a fault plan, or a schedule as a scenario file has it. Default `production-day`. */
  readonly faults?: string | readonly Readonly<Record<string, unknown>>[]
  /** How many runs are drawn. Default 200. */
  readonly runs?: number
  /** Every draw comes from it. The variable `ONCEPROOF_SEED` takes its place: a value, or `random`. Default `onceproof`. */
  readonly seed?: string
  /** The folder for runs that failed, which are tried first from then on; `false` keeps none. Default `.onceproof` beside the file of the test. */
  readonly cases?: string | false
  /** How many processes run the code. Default 2. */
  readonly members?: number
  /** How many messages one process handles at a time. Default 1. */
  readonly concurrency?: number
}

/** What the stores hold at the end of a run, plain and readable. */
export interface FinalState {
  /** The messages of the check. */
  readonly messages: readonly FixtureMessage[]
  /** The first database: `db.tables.payments`, `db.query('select ...')`. */
  readonly db: FinalDatabase
  readonly dbs: Readonly<Record<string, FinalDatabase>>
  /** The first cache: `cache.keys`. */
  readonly cache: FinalCache
  readonly caches: Readonly<Record<string, FinalCache>>
  /** By the names under which the check declares them: `apis['POST https://api.example.com/charges'].calls`. */
  readonly apis: Readonly<Record<string, FinalApi>>
  /** What was read of each output, in the order in which it came, with all that came twice: `sent.receipts`. */
  readonly sent: Readonly<Record<string, readonly SentMessage[]>>
}
