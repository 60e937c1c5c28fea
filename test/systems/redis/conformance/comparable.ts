/**
 * An answer without what depends on the moment: how long an entry has been idle or has still to live is only long or short, and the times in
 * what is written to the file are left out.
 */
export function comparable(value: unknown): unknown {
  if (typeof value === 'number') return value >= 20_000 ? 'much' : value
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value.replace(/\b(TIME|PXAT|PEXPIREAT \w+) \d+/g, '$1 some time')
  if (value instanceof Error) return { error: value.message }
  if (!Array.isArray(value)) return value
  const items: readonly unknown[] = value
  const shown = withoutInternals(items)
  return shown.map((item, index) => (isIdle(shown, index) ? span(item) : comparable(item)))
}

/** Of `XINFO STREAM` the number of nodes in the index, which nothing follows from. */
function withoutInternals(items: readonly unknown[]): readonly unknown[] {
  const place = items.indexOf('radix-tree-nodes')
  return place < 0 ? items : [...items.slice(0, place), ...items.slice(place + 2)]
}

/** In `XPENDING` the third of four, and in `XINFO CONSUMERS` what is said to be. */
function isIdle(items: readonly unknown[], index: number): boolean {
  if (items[index - 1] === 'idle') return true
  const [id, consumer, idle, deliveries] = items
  const isPending =
    typeof id === 'string' && typeof consumer === 'string' && typeof idle === 'number' && typeof deliveries === 'number'
  return isPending && items.length === 4 && index === 2
}

function span(item: unknown): unknown {
  return typeof item === 'number' ? (item >= 20_000 ? 'long' : 'short') : item
}
