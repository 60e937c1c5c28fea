import { patch } from './patch.ts'
import { VirtualTimer } from './virtual-timer.ts'

/** `AbortSignal.timeout` in virtual time. */
export function patchAbortTimeout(): void {
  patch(AbortSignal, 'timeout', (scope, [delay], call) => {
    if (typeof delay !== 'number' || !(delay >= 0)) return call.real(delay)
    const controller = new AbortController()
    const abort = (): void =>
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    new VirtualTimer(scope, abort, delay, false).unref()
    return controller.signal
  })
}
