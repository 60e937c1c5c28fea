/** A part of a JSON Schema that is shorter than this stays where it is. */
const worthSharing = 1500

type Json = Readonly<Record<string, unknown>>

/** The same JSON Schema with every long part that stands in several places written once, under `$defs`. */
export function sharedSchemas(schema: Json): Json {
  const counts = new Map<string, number>()
  countParts(schema, counts)
  const names = new Map<string, string>()
  for (const [text, count] of counts)
    if (count > 1 && text.length >= worthSharing) names.set(text, `part${names.size + 1}`)
  const definitions = [...names].map(([text, name]) => [name, withReferences(JSON.parse(text), names, text)] as const)
  return { ...objectOf(withReferences(schema, names, '')), $defs: Object.fromEntries(definitions) }
}

function countParts(value: unknown, counts: Map<string, number>): void {
  if (typeof value !== 'object' || value === null) return
  if (isSchema(value)) {
    const text = JSON.stringify(value)
    const count = (counts.get(text) ?? 0) + 1
    counts.set(text, count)
    // What stands inside a part that is shared already is shared with it.
    if (count > 1) return
  }
  for (const inner of Object.values(value)) countParts(inner, counts)
}

/** `except` is the text of the part itself, which must not become a reference to itself. */
function withReferences(value: unknown, names: ReadonlyMap<string, string>, except: string): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isSchema(value)) {
    const text = JSON.stringify(value)
    const name = text === except ? undefined : names.get(text)
    if (name !== undefined) return { $ref: `#/$defs/${name}` }
  }
  if (Array.isArray(value)) return value.map((inner) => withReferences(inner, names, except))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withReferences(inner, names, except)]))
}

/** A map of properties is not a schema, even if one of them is called `type`. */
function isSchema(value: object): boolean {
  const { type, anyOf } = objectOf(value)
  return typeof type === 'string' || Array.isArray(type) || Array.isArray(anyOf)
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {}
}
