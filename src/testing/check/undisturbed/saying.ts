/** How a check is judged that declares no effects. */
export const stateRemark =
  'no effects are declared, so what the stores hold in the end was compared with what they hold without faults'

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
