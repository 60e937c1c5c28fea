/**
 * Reads Java's properties syntax: one entry a line; the key ends at the first unescaped `=`, `:` or blank; a line that
 * ends in an odd number of backslashes goes on in the next one, without its leading blanks; `#` and `!` begin comments.
 * A key that comes twice keeps its last value, as in Java.
 */
export function parseProperties(text: string): readonly Property[] {
  const properties = new Map<string, Property>()
  for (const { line, content } of logicalLines(text)) {
    const keyEnd = endOfKey(content)
    const key = unescaped(content.slice(0, keyEnd))
    const value = unescaped(content.slice(keyEnd).replace(/^[ \t\f]*[=:]?[ \t\f]*/, ''))
    properties.delete(key)
    properties.set(key, { key, value, line })
  }
  return [...properties.values()]
}

export interface Property {
  readonly key: string
  readonly value: string
  /** Line of the file on which the entry begins, from 1. */
  readonly line: number
}

interface LogicalLine {
  readonly line: number
  readonly content: string
}

function logicalLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = []
  let open: LogicalLine | undefined
  text.split(/\r\n|\r|\n/).forEach((raw, index) => {
    const content: string = raw.replace(/^[ \t\f]+/, '')
    if (open === undefined && /^([#!]|$)/.test(content)) return
    const joined: LogicalLine = { line: open?.line ?? index + 1, content: `${open?.content ?? ''}${content}` }
    const continues = endsInOddBackslashes(content)
    open = continues ? { ...joined, content: joined.content.slice(0, -1) } : undefined
    if (!continues) lines.push(joined)
  })
  return open === undefined ? lines : [...lines, open]
}

function endsInOddBackslashes(content: string): boolean {
  const backslashes = /\\*$/.exec(content)?.[0].length ?? 0
  return backslashes % 2 === 1
}

function endOfKey(content: string): number {
  for (let index = 0; index < content.length; index += 1) {
    if (content[index] === '\\') index += 1
    else if (/[=: \t\f]/.test(content.charAt(index))) return index
  }
  return content.length
}

const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

/** A backslash before any other character stands for that character. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|([\s\S]?))/g,
    (_, code: string | undefined, letter: string | undefined) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
      return controls[letter ?? ''] ?? letter ?? ''
    },
  )
}
