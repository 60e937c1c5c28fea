import type { Handling } from '../../application/strategies/strategy.ts'

/** Which delivery a message is of that was given to code under test, where that is given several at once. */
const handlings = new WeakMap<object, Handling>()

/** Notes it, and returns the message. */
export function givenFor<M extends object>(message: M, handling: Handling): M {
  handlings.set(message, handling)
  return message
}

export function handlingOf(message: object): Handling | undefined {
  return handlings.get(message)
}
