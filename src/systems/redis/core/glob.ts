/** Whether a pattern of `PSUBSCRIBE` matches: `*`, `?`, `[abc]`, `[^a-c]` and `\` before what is meant literally. */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const [first] = pattern
  if (first === '*') {
    const rest = pattern.replace(/^\*+/, '')
    for (let start = 0; start <= text.length; start++) if (matchesGlob(rest, text.slice(start))) return true
    return false
  }
  if (text === '') return false
  if (first === '?') return matchesGlob(pattern.slice(1), text.slice(1))
  if (first === '[') {
    const { matches, length } = matchClass(pattern, text[0] ?? '')
    return matches && matchesGlob(pattern.slice(length), text.slice(1))
  }
  const isEscaped = first === '\\' && pattern.length > 1
  const literal = isEscaped ? pattern[1] : first
  return literal === text[0] && matchesGlob(pattern.slice(isEscaped ? 2 : 1), text.slice(1))
}

function matchClass(pattern: string, character: string): { readonly matches: boolean; readonly length: number } {
  let place = 1
  const isNegated = pattern[place] === '^'
  if (isNegated) place++
  let found = false
  while (place < pattern.length && pattern[place] !== ']') {
    if (pattern[place] === '\\' && place + 1 < pattern.length) {
      place++
      if (pattern[place] === character) found = true
      place++
      continue
    }
    const [low = '', high] = [pattern[place], pattern[place + 2]]
    if (pattern[place + 1] === '-' && high !== undefined) {
      const [from, to] = low <= high ? [low, high] : [high, low]
      if (character >= from && character <= to) found = true
      place += 3
    } else {
      if (low === character) found = true
      place++
    }
  }
  return { matches: found !== isNegated, length: place + 1 }
}
