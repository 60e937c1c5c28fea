/** How a check is judged that declares no effects. */
export const stateRemark =
  'no effects are declared, so what the stores hold in the end was compared with what they hold without faults'

/** Operations without an effect are taken for ignored on purpose, which may be wrong. */
export function ignoredText(ignored: readonly string[], all: number): string {
  const some = ignored.slice(0, 3).join(', ')
  const more = ignored.length > 3 ? ', ...' : ''
  const have = ignored.length === 1 ? 'has no effect, not even' : 'have no effect, not even'
  return `${ignored.length} of ${all} operations ${have} without faults (${some}${more}), and may have none with them`
}
