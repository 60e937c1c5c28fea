import { WrongCheck } from '../../wrong-check.ts'
import type { CheckedSystem, Options } from './checked-system.ts'
import { given, isOptions } from './checked-system.ts'

export interface RedisSystem {
  /** Of the server: `8.8`. Default: the newest that is known. */
  readonly version?: string
  /** The stream that is consumed from, as a member of a group. Default `orders`. */
  readonly stream?: string
  /** A list that is consumed from instead: elements are moved to the list of those in processing, and back from there. */
  readonly list?: string
  /** Of the stream. Default: the name of the service. */
  readonly group?: string
  /**
   * Of those who send: `maxlen`, `enqueue`, `client` ... Default: the client's. Jobs are put into a list by a script that notes them, unless it says otherwise:
   * without a note a reaper never puts back what a worker moved that died at once.
   */
  readonly producer?: Options
  /**
   * Of the consumer under test: `min-idle-time`, `read-pending`, `noack`, `take` ... Redis itself gives nothing to anybody a second time: what failed is
   * claimed after it has been pending for 10 s (`min-idle-time`, by XAUTOCLAIM), and put back into its list after as long (`visibility_ms`), unless the
   * options say otherwise. A process that starts again reads first what it has pending.
   */
  readonly consumer?: Options
  /**
   * Any other option of the server, under its own name: `replicas`, `sentinels`, `maxmemory` ... Unless it says otherwise the server keeps an append-only
   * file, so that what is lost with it is not the consumer's doing; of Redis, it keeps snapshots alone.
   */
  readonly [option: string]: unknown
}

/** Redis with its real options and defaults: a stream with a group of consumers, or a list of jobs. */
export function redis(system: RedisSystem = {}): CheckedSystem {
  const { stream = 'orders', list, group, producer = {}, consumer = {}, ...others } = given('redis', system)
  if (system.stream !== undefined && list !== undefined)
    throw new WrongCheck(
      `redis({ ... }) is given the stream ${stream} and the list ${list}: a check consumes from one of them`,
    )
  const place = list ?? stream
  const declaredAs = list === undefined ? 'streams' : 'lists'
  return {
    from: 'options',
    product: 'redis',
    sendTo: place,
    receiveFrom: place,
    group: list === undefined ? group : undefined,
    options: { appendonly: true, [declaredAs]: { [place]: {} }, ...others },
    producer: list === undefined ? producer : { enqueue: 'script', ...producer },
    consumer,
    consumerUnlessSaid: list === undefined ? claiming(consumer) : takingBack(consumer),
    firstMessageAfter: '1s',
    outputs: { declaredAs, place: () => ({}), reader: {} },
  }
}

/** Who reads by itself, and not as a member of a group, claims nothing. */
function claiming(consumer: unknown): Options {
  const read = isOptions(consumer) ? consumer['read'] : undefined
  return read === undefined || read === 'XREADGROUP' ? { 'min-idle-time': '10s' } : {}
}

/** What is popped is in no list from which it could be put back. */
function takingBack(consumer: unknown): Options {
  const take = isOptions(consumer) ? consumer['take'] : undefined
  return take === undefined || take === 'BLMOVE' ? { take: 'BLMOVE', visibility_ms: '10s', 'reap-interval': '2s' } : {}
}
