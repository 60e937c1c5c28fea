import { quoted } from './issue.ts'
import type { Place, ScenarioProblem } from './problem.ts'
import { recordOf } from './record.ts'
import type { Path, SourceNode } from './source-tree.ts'
import { childOf, withNodeAt } from './source-tree.ts'
import { suggestionFor } from './suggestion.ts'
import { readYamlValue } from './yaml-source.ts'

/*
 * `--set path=value`: changes the document before it is read, so that the value is checked like any other. The path is cut at dots, but names
 * have dots too (`enable.idempotence`): where a name that is known here goes further, the longest one counts.
 */

/** The document with one value replaced, or why not. */
export function assigned(
  document: SourceNode,
  assignment: string,
  schema: object,
): { readonly node: SourceNode; readonly problem: ScenarioProblem | undefined } {
  const equals = assignment.indexOf('=')
  const written = equals < 0 ? assignment : assignment.slice(0, equals)
  const place: Place = { file: `--set ${written}`, line: undefined, column: undefined }
  const refused = (message: string, suggestion?: string) => ({
    node: document,
    problem: { ...place, path: '', message, suggestion },
  })
  if (equals <= 0) return refused('expected path=value, found no value', 'Say --set services.shop.sends.rate=50/s.')
  if (equals === assignment.length - 1)
    return refused('its value is empty', 'Say null to take away what is there, "" for an empty text.')
  const found = findPath(written, document, [schema])
  if ('unknown' in found)
    return refused(`there is no key ${quoted(found.unknown)} here`, suggestionFor(found.unknown, found.known))
  return {
    node: withNodeAt(document, found.path, readYamlValue(assignment.slice(equals + 1), place)),
    problem: undefined,
  }
}

type Found = { readonly path: Path } | { readonly unknown: string; readonly known: readonly string[] }

/** Walks the document and its JSON Schema together; `schemas` are the forms that the part may have. */
function findPath(text: string, node: SourceNode | undefined, schemas: readonly unknown[]): Found {
  const forms = schemas.flatMap(formsOf)
  if (node?.kind === 'list') return findItem(text, node, forms)
  const written = node?.kind === 'map' ? [...node.entries.keys()] : []
  const properties = forms.flatMap((form) => Object.entries(recordOf(form['properties'])))
  const known = [...new Set([...properties.map(([name]) => name), ...written])]
  const named = forms.flatMap((form) =>
    typeof form['additionalProperties'] === 'object' ? [form['additionalProperties']] : [],
  )
  const longest = known
    .filter((name) => text === name || text.startsWith(`${name}.`))
    .sort((one, other) => other.length - one.length)[0]
  const first = text.split('.')[0] ?? text
  const step = longest ?? (named.length > 0 ? first : '')
  if (step === '') return { unknown: first, known }
  const inner = properties.flatMap(([name, schema]) => (name === step ? [schema] : []))
  return deeper(text, step, childOf(node, step), inner.length > 0 ? inner : named)
}

function findItem(text: string, node: SourceNode & { readonly kind: 'list' }, forms: readonly Form[]): Found {
  const step = text.split('.')[0] ?? ''
  const index = /^\d{1,9}$/.test(step) ? Number(step) : -1
  const item = node.items[index]
  if (item === undefined) return { unknown: step, known: node.items.map((_, place) => String(place)) }
  const schemas = forms.flatMap((form) => ('items' in form ? [form['items']] : []))
  return deeper(text, index, item, schemas)
}

function deeper(text: string, step: string | number, node: SourceNode | undefined, schemas: readonly unknown[]): Found {
  if (text === String(step)) return { path: [step] }
  const found = findPath(text.slice(String(step).length + 1), node, schemas)
  return 'path' in found ? { path: [step, ...found.path] } : found
}

type Form = Readonly<Record<string, unknown>>

/** A schema, and the forms among which it lets choose. */
function formsOf(schema: unknown): readonly Form[] {
  const form = recordOf(schema)
  const choices = Array.isArray(form['anyOf']) ? form['anyOf'] : []
  return [form, ...choices.flatMap(formsOf)]
}
