import { perform } from '../../../../application/program.ts'
import type { CallEnd, SdkClient } from '../../../../systems/sqs/client/sdk-client.ts'
import type { Call } from '../../../../systems/sqs/protocol.ts'
import type { Inside } from '../../../bridge/inside.ts'
import { WrongCheck } from '../../../wrong-check.ts'
import type { CallsByCode } from '../../sqs/calls-by-code.ts'
import { callsByCodeIn } from '../../sqs/calls-by-code.ts'
import type { Metadata } from '../service-error.ts'
import { abortError } from '../service-error.ts'
import type { Input } from './input.ts'
import { Poller } from './poller.ts'
import { errorOf } from './sqs-error.ts'

/** A call that code makes with a client of the SDK. */
export interface CallOfCode {
  readonly inside: Inside
  readonly action: string
  readonly input: Input
  /** The client that it was made with. */
  readonly made: object
  readonly maxAttempts: number | undefined
  /** Aborted when the code gives it up. */
  readonly signal: AbortSignal | undefined
}

/** What is answered to every call. */
export interface Answered {
  readonly $metadata: Metadata
}

export function answered({ input: { requestId } }: CallOfCode): Answered {
  return { $metadata: { httpStatusCode: 200, requestId } }
}

/** What is needed for a call by the code of the process; it is told where that is not there. */
export function callsFor({ inside, action }: CallOfCode): CallsByCode {
  const calls = callsByCodeIn(inside)
  return calls ?? refuse(inside, `calls ${action} of the AWS SDK, which needs system: sqs({ ... }) and ${consumers}`)
}

/** The same for a receive, which a loop makes of its own. */
export function pollerFor(of: CallOfCode): Poller {
  const calls = callsFor(of)
  if (calls instanceof Poller) return calls
  return refuse(of.inside, `receives by itself what is received for it: let its loop be the consumer, ${poll}`)
}

const poll = '`consumer: () => awsSdk.poll((sqs) => ...)`'
const consumers = `a consumer that knows SQS: for a loop of its own ${poll}`

function refuse(inside: Inside, problem: string): never {
  const wrong = new WrongCheck(`${inside.context.service} ${problem}`)
  inside.giveUp(wrong)
  throw wrong
}

type Answer = Extract<CallEnd, { kind: 'answer' }>['answer']

/** What becomes of the answer, in the step in which it comes. */
type See<R> = (answer: Answer) => R

/**
 * Makes a call to the simulated service, with the retries of the SDK, and comes back with what `see` makes of its answer. It is rejected as by the SDK when the
 * call fails, or the code gives it up.
 */
export async function callService<R>(of: CallOfCode, call: Call, see: See<R>): Promise<R> {
  const { inside, signal, input } = of
  if (signal?.aborted === true) throw abortError()
  const client = callsFor(of).clientOf(of.made, of.maxAttempts)
  const end = await inside.perform(
    function* () {
      const ended = yield* perform<CallEnd | 'given up'>(of.action, (resume) => untilGivenUp(of, client, call, resume))
      return ended !== 'given up' && ended.kind === 'answer'
        ? { kind: 'seen' as const, seen: new Seen(see(ended.answer)) }
        : ended
    },
    { isIdle: call.type === 'ReceiveMessage' },
  )
  if (end === 'given up') throw abortError()
  if (end.kind === 'seen') return end.seen.value
  throw errorOf(end, input.requestId)
}

/** What crosses to the code as it is, and not as a copy. */
class Seen<R> {
  readonly value: R

  constructor(value: R) {
    this.value = value
  }
}

function untilGivenUp(
  { inside, signal }: CallOfCode,
  client: SdkClient,
  call: Call,
  resume: (end: CallEnd | 'given up') => void,
): void {
  const giveUp = client.perform(call, (end) => {
    signal?.removeEventListener('abort', stop)
    resume(end)
  })
  const stop = (): void =>
    inside.process.step(() => {
      giveUp()
      resume('given up')
    })
  signal?.addEventListener('abort', stop, { once: true })
}
