/** Stops the run when our own code broke a promise; a simulated failure is a value, never this. */
export function invariant(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`Kafka model: ${sentence}`)
}

/** The value, which the surrounding code has already shown to exist. */
export function present<Value>(value: Value | undefined, sentence: string): Value {
  if (value === undefined) throw new Error(`Kafka model: ${sentence}`)
  return value
}
