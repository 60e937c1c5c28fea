import { AsyncResource } from 'node:async_hooks'
import type { Scope } from '../scope.ts'

const millisecond = 1000

/** The longest delay that Node's timers know, ms; a longer one is 1. */
const longest = 2_147_483_647

/** Numbers that timers turn into when somebody asks; far from those of real timers, and the same in each run. */
const firstNumber = 1_000_000_000_000

/** A timer as `setTimeout` and `setInterval` return them, in virtual time. */
export class VirtualTimer {
  readonly #scope: Scope
  readonly #context = new AsyncResource('OnceproofTimer')
  readonly #call: () => void
  readonly #delay: number
  readonly #repeats: boolean
  #takeBack: (() => void) | undefined
  #refs = true

  /** `delay` is in ms, and whatever a user gives. */
  constructor(scope: Scope, call: () => void, delay: unknown, repeats: boolean) {
    this.#scope = scope
    this.#call = call
    this.#delay = delayOf(delay)
    this.#repeats = repeats
    this.#set()
  }

  #set(): void {
    this.#takeBack = this.#scope.user.setTimer(this.#delay * millisecond, () => this.#due())
  }

  #due(): void {
    this.#takeBack = undefined
    const { user } = this.#scope
    let cleared = false
    if (this.#repeats) this.#takeBack = () => (cleared = true)
    this.#context.runInAsyncScope(() => user.callBack(this.#call))
    if (this.#repeats && !cleared) this.#set()
  }

  close(): this {
    this.#takeBack?.()
    this.#takeBack = undefined
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

  refresh(): this {
    this.close()
    this.#set()
    return this
  }

  [Symbol.toPrimitive](): number {
    const { timers } = this.#scope.user
    const number = timers.numbers.get(this) ?? firstNumber + timers.numbers.size
    timers.numbers.set(this, number)
    timers.byNumber.set(number, this)
    return number
  }
}

// `using timer = setTimeout(...)`: Node 20 has the symbol, and its types do not.
const disposal: unknown = Reflect.get(Symbol, 'dispose')
if (typeof disposal === 'symbol')
  Reflect.defineProperty(VirtualTimer.prototype, disposal, {
    value(this: VirtualTimer) {
      this.close()
    },
  })

/** The timers of a process that were turned into numbers. */
export class NumberedTimers {
  readonly numbers = new Map<VirtualTimer, number>()
  readonly byNumber = new Map<number, VirtualTimer>()
}

function delayOf(delay: unknown): number {
  const number = Number(delay)
  return number >= 1 && number <= longest ? Math.trunc(number) : 1
}
