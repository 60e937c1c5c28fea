import type { SdkCommand } from './command.ts'
import type { Inside } from '../../bridge/inside.ts'
import { WrongCheck } from '../../wrong-check.ts'
import { readCommand } from './command.ts'
import { calling, nextRequestId } from './requests.ts'

/** How a client is made. Of all that the SDK takes only `maxAttempts` has a meaning here; time-outs are options of the check's system. */
export interface ClientConfig {
  readonly maxAttempts?: unknown
  readonly [option: string]: unknown
}

/** What is given to `send` beside a command. */
interface SendOptions {
  /** An `AbortSignal`: the call is given up when it is aborted. */
  readonly abortSignal?: object | undefined
}

/** The same, or a callback: the older way of hearing of an answer, which is refused. */
export type CallOptions = SendOptions | ((...given: never[]) => unknown)

/** A command of the SDK, of which `send` knows what it answers. */
export interface AnsweredCommand<Output> extends SdkCommand {
  resolveMiddleware?(...given: never[]): (...given: never[]) => Promise<{ readonly output: Output }>
}

/** A call as a service gets it. */
export interface ActionCall {
  readonly inside: Inside
  readonly made: object
  readonly action: string
  readonly values: object
  readonly requestId: string
  readonly maxAttempts: number | undefined
  readonly signal: AbortSignal | undefined
}

/** The calls of a service, by the names of their actions. */
export type Actions = Readonly<Record<string, (call: ActionCall) => Promise<object>>>

/**
 * A client in the shape of the AWS SDK for JavaScript (version 3), whichever service it is for: it sends real command objects, which it knows by the names
 * of their classes.
 */
export class SimulatedClient {
  readonly config: ClientConfig
  readonly #name: string
  readonly #actions: Actions

  constructor(name: string, actions: Actions, config: ClientConfig) {
    this.config = config
    this.#name = name
    this.#actions = actions
  }

  send<Output>(command: AnsweredCommand<Output>, options: CallOptions = {}): Promise<Output> {
    // What an action answers is what its command promises.
    return this.#answer(command, options) as Promise<Output>
  }

  /** A process that ends closes its connections by itself. */
  destroy(): void {}

  /** The same without a command, as aggregated clients have it. */
  protected async call<A>(
    act: (call: ActionCall) => Promise<A>,
    action: string,
    values: object,
    options: CallOptions,
  ): Promise<A> {
    if (typeof options === 'function')
      throw new TypeError('A callback beside a command is not simulated: await what send() returns.')
    const process = calling(this.#name)
    const { maxAttempts } = this.config
    const { abortSignal } = options
    return await act({
      ...{ inside: process, made: this, action, values },
      requestId: nextRequestId(process),
      maxAttempts: typeof maxAttempts === 'number' ? maxAttempts : undefined,
      signal: abortSignal instanceof AbortSignal ? abortSignal : undefined,
    })
  }

  async #answer(command: unknown, options: CallOptions): Promise<object> {
    const { action, input } = readCommand(command)
    const act = this.#actions[action]
    if (act !== undefined) return await this.call(act, action, input, options)
    const known = Object.keys(this.#actions).join(', ')
    const wrong = new WrongCheck(`${action}Command is not simulated. Of ${this.#name} these are: ${known}`)
    calling(this.#name).giveUp(wrong)
    throw wrong
  }
}
