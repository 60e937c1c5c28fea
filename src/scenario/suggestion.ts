import { distance } from 'fastest-levenshtein'

/** `Did you mean x?` for the closest name; where none is close the names there are, of many the first. */
export function suggestionFor(name: string, known: readonly string[]): string | undefined {
  const close = closest(name, known)
  if (close !== undefined) return `Did you mean ${close}?`
  if (known.length === 0) return undefined
  if (known.length <= listed + 1) return `Known: ${known.join(', ')}.`
  return `Known: ${known.slice(0, listed).join(', ')} and ${known.length - listed} more.`
}

/** The name nearest to what was written, unless that is too far to be a slip of the pen. */
export function closest(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name)
  const ranked = known
    .map((candidate) => ({
      candidate,
      off: isBeginning(wanted, plain(candidate)) ? 1 : distance(wanted, plain(candidate)),
    }))
    .sort((one, other) => one.off - other.off)
  const best = ranked[0]
  const tolerated = Math.min(Math.ceil(wanted.length / 3), wanted.length - 1)
  if (best === undefined || best.off > tolerated) return undefined
  return best.candidate
}

function isBeginning(wanted: string, candidate: string): boolean {
  return wanted.length > 2 && candidate.startsWith(wanted)
}

const listed = 12

/** Long texts are cut: the distance takes time with the product of the lengths. */
function plain(name: string): string {
  return name
    .slice(0, 80)
    .toLowerCase()
    .replaceAll(/[\s_.-]/g, '')
}
