interface Observer {
  next(value: unknown): void
  error(error: unknown): void
  complete(): void
}

/** What a method of a controller gave in the end: a value, a promise of one, or the last one of an observable. */
export async function lastValue(result: unknown): Promise<unknown> {
  const value = await result
  if (!isObservable(value)) return value
  return await new Promise((resolve, reject) => {
    let last: unknown
    value.subscribe({
      next: (each) => {
        last = each
      },
      error: reject,
      complete: () => resolve(last),
    })
  })
}

function isObservable(value: unknown): value is { subscribe(observer: Observer): unknown } {
  return typeof value === 'object' && value !== null && 'subscribe' in value && typeof value.subscribe === 'function'
}
