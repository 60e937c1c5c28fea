/** How a check is judged that declares no effects. */
export const stateRemark =
  'no effects are declared, so what the stores hold in the end was compared with what they hold without faults'

/** Operations without an effect are lost, unless somebody says that they are ignored on purpose. */
export function silentText(silent: readonly string[], all: number): string {
  const some = silent.slice(0, 3).join(', ')
  const more = silent.length > 3 ? ', ...' : ''
  const have = silent.length === 1 ? 'has no effect, not even' : 'have no effect, not even'
  return `${silent.length} of ${all} operations ${have} without faults (${some}${more}); if your code rightly ignores them, say so: \`ignores: (message) => ...\``
}
