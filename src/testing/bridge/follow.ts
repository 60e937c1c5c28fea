import type { Ended } from './shaped-handler.ts'

/** Calls the code; `settle` is called once, with how it ended. */
export function follow(code: () => unknown, settle: (ended: Ended) => void): void {
  const returned = (value: unknown): void => settle({ kind: 'returned', value })
  const threw = (error: unknown): void => settle({ kind: 'threw', error })
  let value: unknown
  try {
    value = code()
  } catch (error) {
    threw(error)
    return
  }
  if (isThenable(value)) Promise.resolve(value).then(returned, threw)
  else returned(value)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && 'then' in value
}
