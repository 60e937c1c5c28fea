import type { Program } from '../../application/program.ts'
import { perform, sleep, start } from '../../application/program.ts'
import type { HandlingOutcome } from '../../application/strategies/strategy.ts'
import { millisecond } from '../../simulation/duration.ts'
import type { Inside } from '../bridge/inside.ts'
import type { OfEachDelivery, ShapedHandler, ShapedHandling } from '../bridge/shaped-handler.ts'
import { listenersTo } from '../bridge/virtual/signals.ts'

/** What is left for the last acknowledgement to leave by. */
const afterTheLast = 10 * millisecond

/**
 * What a process does when it is told to stop (SIGTERM), as one does on Node: without a listener it ends where it stands; a listener decides by
 * itself, and the process goes on until it calls `process.exit` or is killed. With a `shutdown` it takes nothing new, finishes what it has in
 * hand, calls `shutdown`, closes its client and ends.
 */
export function withOrderlyStop(
  handler: ShapedHandler,
  inside: Inside,
  shutdown: (() => unknown) | undefined,
): ShapedHandler {
  const drain = new Drain()
  inside.process.onSignal((goOn, end) => {
    const listeners = listenersTo(inside, 'SIGTERM')
    if (shutdown === undefined && listeners.length === 0) return end()
    for (const listener of listeners)
      start(
        inside.process,
        inside.call(undefined, () => listener('SIGTERM', 15)),
      )
    if (shutdown !== undefined) start(inside.process, closed(drain, inside, shutdown), goOn)
  })
  return 'handle' in handler ? drained(handler, drain) : handler
}

function* closed(drain: Drain, inside: Inside, shutdown: () => unknown): Program {
  yield* drain.wait()
  yield* sleep(afterTheLast)
  yield* inside.call(undefined, shutdown)
}

/** The same handler, which begins nothing any more when it is told so. */
function drained(handler: OfEachDelivery, drain: Drain): OfEachDelivery {
  return {
    shape: handler.shape,
    *handle(shaped: ShapedHandling): Program<HandlingOutcome> {
      // It stays with the broker, which delivers it to somebody else.
      if (drain.isClosing) return yield* perform<HandlingOutcome>('never', () => {})
      drain.begin()
      const outcome = yield* handler.handle(shaped)
      drain.finish()
      return outcome
    },
  }
}

/** Counts what is in hand, and says when nothing is. */
class Drain {
  #inHand = 0
  #waiting: (() => void) | undefined
  #isClosing = false

  get isClosing(): boolean {
    return this.#isClosing
  }

  begin(): void {
    this.#inHand++
  }

  finish(): void {
    this.#inHand--
    if (this.#inHand === 0) this.#waiting?.()
  }

  /** Lets nothing new begin, and comes back when the last is finished. */
  wait(): Program {
    this.#isClosing = true
    return perform('finish what is in hand', (resume) => {
      if (this.#inHand === 0) resume(undefined)
      else this.#waiting = () => resume(undefined)
    })
  }
}
