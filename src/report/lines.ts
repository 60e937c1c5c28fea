import { unbreakable } from './quantities.ts'

/**
 * Breaks a text between words into lines of at most `width` characters; a word that is longer has a line for itself. Spaces that must not
 * break, as between a number and its unit, become plain ones.
 */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/ +/)) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return (line === '' ? lines : [...lines, line]).map((whole) => whole.replaceAll(unbreakable, ' '))
}

/** A paragraph whose first line begins with `first` and whose other lines are indented as far. */
export function hanging(first: string, text: string, width: number, paint = (line: string): string => line): string {
  const indent = ' '.repeat(lengthOf(first))
  const lines = wrapped(text, Math.max(20, width - lengthOf(first)))
  return lines.map((line, index) => `${index === 0 ? first : indent}${paint(line)}`).join('\n')
}

/**
 * Lines of at most `width` characters: a longer one goes on below, a little deeper than it begins. Commands stay whole, since they are to be
 * copied.
 */
export function fitted(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      if (lengthOf(line) <= width || line.includes('npx onceproof')) return line
      const indent = /^ */.exec(line)?.[0] ?? ''
      const [first = '', ...others] = wrapped(line.trimStart(), Math.max(20, width - indent.length - 2))
      return [`${indent}${first}`, ...others.map((other) => `${indent}  ${other}`)].join('\n')
    })
    .join('\n')
}

/** Columns padded to the widest cell; the last one is left as it is. */
export function columns(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [place, cell] of row.entries()) widths[place] = Math.max(widths[place] ?? 0, lengthOf(cell))
  }
  return rows.map((row) =>
    row.map((cell, place) => (place === row.length - 1 ? cell : padded(cell, widths[place] ?? 0))),
  )
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - lengthOf(text)))
}

/** Characters as a reader counts them, near enough: code points, without those that colour. */
function lengthOf(text: string): number {
  return [...text.replaceAll(colouring, '')].length
}

const colouring = new RegExp(`${String.fromCodePoint(27)}\\[[\\d;]*m`, 'g')
