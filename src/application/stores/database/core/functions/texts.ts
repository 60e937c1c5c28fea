import type { Value } from '../../value.ts'
import { Failure } from '../failure.ts'
import { likePattern } from './like.ts'
import type { SqlFunction } from './sql-function.ts'
import { define, listOf, numberOf, textOf } from './sql-function.ts'

const strings = (values: readonly Value[]): readonly string[] =>
  values.flatMap((value) => (value === null ? [] : textOf(value)))

function substring(text: string, from: number, length?: number): string {
  if (length !== undefined && length < 0) throw new Failure('22011', 'negative substring length not allowed')
  const characters = [...text]
  const end = length === undefined ? characters.length : from - 1 + length
  return characters.slice(Math.max(0, from - 1), Math.max(0, end)).join('')
}

function padded(text: string, length: number, fill: string, side: 'left' | 'right'): string {
  const characters = [...text].slice(0, Math.max(0, length))
  const missing = Math.max(0, length - characters.length)
  const filler = fill === '' ? '' : [...fill.repeat(Math.ceil(missing / fill.length))].slice(0, missing).join('')
  return side === 'left' ? filler + characters.join('') : characters.join('') + filler
}

function trimmed(text: string, characters: string, side: 'both' | 'left' | 'right'): string {
  const isKept = (character: string): boolean => !characters.includes(character)
  const all = [...text]
  const from = side === 'right' ? 0 : all.findIndex(isKept)
  const to = side === 'left' ? all.length - 1 : all.findLastIndex(isKept)
  return from < 0 ? '' : all.slice(from, to + 1).join('')
}

function splitPart(text: string, delimiter: string, place: number): string {
  if (place === 0) throw new Failure('22023', 'field position must not be zero')
  const parts = delimiter === '' ? [text] : text.split(delimiter)
  return parts.at(place > 0 ? place - 1 : place) ?? ''
}

/** Only letters of ASCII have another case in the collation C. */
function inCase(text: string, to: 'upper' | 'lower'): string {
  return text.replaceAll(/[A-Za-z]+/g, (letters) => (to === 'upper' ? letters.toUpperCase() : letters.toLowerCase()))
}

export const textFunctions: readonly SqlFunction[] = [
  define('||', ['text', 'text'], 'text', ([one, other]) => textOf(one) + textOf(other)),
  // Bytes are kept as a text of hexadecimal digits.
  define('||', ['bytea', 'bytea'], 'bytea', ([one, other]) => textOf(one) + textOf(other)),
  define('concat', ['text[]'], 'text', ([values]) => strings(listOf(values)).join(''), true),
  define('concat_ws', ['text', 'text[]'], 'text', ([separator, values]) =>
    strings(listOf(values)).join(textOf(separator)),
  ),
  define('lower', ['text'], 'text', ([text]) => inCase(textOf(text), 'lower')),
  define('upper', ['text'], 'text', ([text]) => inCase(textOf(text), 'upper')),
  define('length', ['text'], 'int4', ([text]) => [...textOf(text)].length),
  define('char_length', ['text'], 'int4', ([text]) => [...textOf(text)].length),
  define('substring', ['text', 'int4'], 'text', ([text, from]) => substring(textOf(text), numberOf(from))),
  define('substring', ['text', 'int4', 'int4'], 'text', ([text, from, length]) =>
    substring(textOf(text), numberOf(from), numberOf(length)),
  ),
  define('substr', ['text', 'int4'], 'text', ([text, from]) => substring(textOf(text), numberOf(from))),
  define('substr', ['text', 'int4', 'int4'], 'text', ([text, from, length]) =>
    substring(textOf(text), numberOf(from), numberOf(length)),
  ),
  define('left', ['text', 'int4'], 'text', ([text, count]) => [...textOf(text)].slice(0, numberOf(count)).join('')),
  define('right', ['text', 'int4'], 'text', ([text, count]) => {
    const characters = [...textOf(text)]
    const wanted = numberOf(count)
    return characters.slice(wanted >= 0 ? Math.max(0, characters.length - wanted) : -wanted).join('')
  }),
  define('lpad', ['text', 'int4', 'text'], 'text', ([text, length, fill]) =>
    padded(textOf(text), numberOf(length), textOf(fill), 'left'),
  ),
  define('rpad', ['text', 'int4', 'text'], 'text', ([text, length, fill]) =>
    padded(textOf(text), numberOf(length), textOf(fill), 'right'),
  ),
  define('btrim', ['text'], 'text', ([text]) => trimmed(textOf(text), ' ', 'both')),
  define('btrim', ['text', 'text'], 'text', ([text, characters]) => trimmed(textOf(text), textOf(characters), 'both')),
  define('ltrim', ['text'], 'text', ([text]) => trimmed(textOf(text), ' ', 'left')),
  define('ltrim', ['text', 'text'], 'text', ([text, characters]) => trimmed(textOf(text), textOf(characters), 'left')),
  define('rtrim', ['text'], 'text', ([text]) => trimmed(textOf(text), ' ', 'right')),
  define('rtrim', ['text', 'text'], 'text', ([text, characters]) => trimmed(textOf(text), textOf(characters), 'right')),
  define('replace', ['text', 'text', 'text'], 'text', ([text, from, to]) =>
    textOf(from) === '' ? textOf(text) : textOf(text).replaceAll(textOf(from), () => textOf(to)),
  ),
  define('repeat', ['text', 'int4'], 'text', ([text, count]) => textOf(text).repeat(Math.max(0, numberOf(count)))),
  define('reverse', ['text'], 'text', ([text]) => [...textOf(text)].reverse().join('')),
  define('position', ['text', 'text'], 'int4', ([text, part]) => {
    const before = textOf(text).indexOf(textOf(part))
    return before < 0 ? 0 : [...textOf(text).slice(0, before)].length + 1
  }),
  define('strpos', ['text', 'text'], 'int4', ([text, part]) => {
    const before = textOf(text).indexOf(textOf(part))
    return before < 0 ? 0 : [...textOf(text).slice(0, before)].length + 1
  }),
  define('starts_with', ['text', 'text'], 'bool', ([text, start]) => textOf(text).startsWith(textOf(start))),
  define('split_part', ['text', 'text', 'int4'], 'text', ([text, delimiter, place]) =>
    splitPart(textOf(text), textOf(delimiter), numberOf(place)),
  ),
  define('~~', ['text', 'text'], 'bool', ([text, pattern]) => likePattern(textOf(pattern), false).test(textOf(text))),
  define('!~~', ['text', 'text'], 'bool', ([text, pattern]) => !likePattern(textOf(pattern), false).test(textOf(text))),
  define('~~*', ['text', 'text'], 'bool', ([text, pattern]) => likePattern(textOf(pattern), true).test(textOf(text))),
  define('!~~*', ['text', 'text'], 'bool', ([text, pattern]) => !likePattern(textOf(pattern), true).test(textOf(text))),
]
