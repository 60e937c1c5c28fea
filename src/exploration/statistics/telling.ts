/**
 * Of guarantees that are broken (`no-loss/effect`), those that say the most: what an effect came to rather than what was handed over, and what is
 * lost or doubled rather than that it is not there exactly once.
 */
export function telling(keys: readonly string[]): readonly string[] {
  return keys.filter((key) => {
    const [guarantee = '', level = ''] = key.split('/')
    if (level === 'delivery' && keys.includes(`${guarantee}/effect`)) return false
    return guarantee !== 'exactly-once' || !keys.some((other) => /^no-(loss|duplicates)\//.test(other))
  })
}
