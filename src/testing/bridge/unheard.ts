/** What an error that nobody caught is about, where it does not say so itself. */
interface Unheard {
  readonly about: string
  /** Made at the line of the user, where that is known. */
  readonly where: Error | undefined
}

const known = new WeakMap<object, Unheard>()

/** Says what an error is about that ends the process if nobody catches it. */
export function tellUnheard(error: unknown, about: string, where: Error | undefined): void {
  if (typeof error === 'object' && error !== null) known.set(error, { about, where })
}

export function unheard(error: unknown): Unheard | undefined {
  return typeof error === 'object' && error !== null ? known.get(error) : undefined
}
