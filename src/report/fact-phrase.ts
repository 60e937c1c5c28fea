import type { AnyFact, FactKind, FieldType } from '../history/fact.ts'
import type { History } from '../history/history.ts'
import { durationText } from './quantities.ts'

/** A fact as its kind says it: "billing-1 applied order-17 to ledger". */
export function factPhrase(history: History, fact: AnyFact): string {
  const kind = history.kindOf(fact.kind)
  if (kind === undefined) return fact.kind
  const values = (field: string): string =>
    field === 'node' ? history.names.text(fact.node) : fieldText(history, kind.fields[field], fact[field])
  const phrase = inNumber(kind, fact).replaceAll(
    /( [a-z]+)? ?\{(\w+)\}/g,
    (whole, word: string | undefined, field: string) =>
      values(field) === '' ? emptied(word) : whole.replace(`{${field}}`, () => values(field)),
  )
  return phrase
    .replace(/ ?\(\)/, '')
    .replace(/[: ]+$/, '')
    .trimStart()
}

/** `{messages} records` of one record are `1 record`. */
function inNumber({ phrase, fields }: FactKind, fact: AnyFact): string {
  return phrase.replaceAll(/\{(\w+)\} (\w+)s\b/g, (whole, field: string, word: string) =>
    fields[field] === 'int' && fact[field] === 1 ? `{${field}} ${word}` : whole,
  )
}

/** Where there is nothing to name, the preposition before it goes too. */
function emptied(word: string | undefined): string {
  return word !== undefined && /^ (to|into|from|in|of)$/.test(word) ? '' : (word ?? '')
}

/** A value of a fact, for people. */
function fieldText(
  history: History,
  type: FieldType | undefined,
  value: number | boolean | string | undefined,
): string {
  if (value === undefined) return ''
  if (type === 'name') return history.names.text(Number(value))
  return type === 'micros' ? durationText(Number(value)) : String(value)
}
