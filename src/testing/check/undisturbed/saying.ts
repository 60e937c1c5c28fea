/** How a check is judged that declares no effects. */
export const stateRemark =
  'no effects are declared, so what the stores hold in the end was compared with what they hold without faults'

/** Why nothing is judged where the stores are empty. */
export const nothingLeft = 'the code leaves nothing behind that could be judged: declare its stores'

/** Operations without an effect are lost, unless somebody says that they are ignored on purpose. */
export function silentText(silent: readonly string[], all: number): string {
  const have = silent.length === 1 ? 'has no effect, not even' : 'have no effect, not even'
  return `${silent.length} of ${all} operations ${have} without faults (${some(silent)}); if your code rightly ignores them, say so: \`ignores: (message) => ...\``
}

/** Every effect is of something that no message is about: the check speaks of two different things. */
export function strangeText(effects: readonly string[], operations: readonly string[]): string {
  return `the effects are of ${some(effects)}, and the messages are about ${some(operations)}: what \`effects\` gives must be what \`operation\` gives`
}

function some(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`
}

/** A row that is an effect of its operation came out otherwise, although nobody inserted it twice. */
export function changedText(difference: string): string {
  return `${difference}. Whether that is right nobody can say: say what it means that a row changes (\`{ inserted: (row) => ..., updated: (after, before) => ... }\`), or write an invariant`
}

/** The same of what no effects are declared of. */
export function unclearText(difference: string): string {
  return `${difference}. Whether that is right nobody can say: declare \`effects\`, or write an invariant`
}

/** Whoever writes invariants has said what must come of it. */
export function leftToInvariants(difference: string): string {
  return `${difference}; whether that is right is left to the invariants`
}

/** Effects are declared of some tables; of the others nothing is judged. */
export function undeclaredText(difference: string): string {
  return `${difference}; no effects are declared of it, so it is not judged, unless an invariant does`
}

/** Neither handled nor lost. */
export function asideText(outputs: readonly string[]): string {
  return `in some runs the code set operations aside (${outputs.join(', ')}), which owe no effect then`
}
