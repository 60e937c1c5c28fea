import { AsyncResource } from 'node:async_hooks'
import type { Scope } from '../scope.ts'

/** What `setImmediate` returns: its callback comes at the same virtual time, after everything that is due by now. */
export class VirtualImmediate {
  readonly #takeBack: () => void
  #refs = true

  constructor(scope: Scope, call: () => void) {
    const context = new AsyncResource('OnceproofImmediate')
    this.#takeBack = scope.user.setTimer(0, () => context.runInAsyncScope(() => scope.user.callBack(call)))
  }

  close(): this {
    this.#takeBack()
    return this
  }

  ref(): this {
    this.#refs = true
    return this
  }

  unref(): this {
    this.#refs = false
    return this
  }

  hasRef(): boolean {
    return this.#refs
  }
}
