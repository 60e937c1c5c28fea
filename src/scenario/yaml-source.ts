import type { Document, Node as YamlNode, Pair, YAMLMap } from 'yaml'
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { quoted } from './issue.ts'
import type { Place, ScenarioProblem } from './problem.ts'
import type { MapEntry, Scalar, SourceNode } from './source-tree.ts'

/** Deeper than any scenario; a document that is deeper was made to hurt. */
const depthLimit = 40
/** Values that come of aliases; what is written out is bounded by the text itself. */
const aliasedLimit = 50_000

/** The document as a tree with places, or everything that is wrong with its YAML. */
export function readYaml(
  text: string,
  file: string,
): { readonly node: SourceNode; readonly problems: readonly ScenarioProblem[] } {
  const lines = new LineCounter()
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  // Keys are compared here: the library compares each with each.
  try {
    if (isTooDeep(text)) throw new RangeError('The library would recurse as deeply as the text does.')
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      uniqueKeys: false,
      logLevel: 'error',
    })
    const syntax = [...document.errors, ...document.warnings].map(({ pos, code, message }) =>
      problemAt(placeAt(pos[0]), messages.get(code) ?? sentence(message)),
    )
    const walk = new Walk(document, placeAt)
    const node = syntax.length > 0 ? emptyAt(placeAt(0)) : walk.nodeOf(document.contents, 0, 0)
    const problems = [...syntax, ...walk.problems]
    return { node: problems.length > 0 ? emptyAt(placeAt(0)) : node, problems }
  } catch (error) {
    // The library recurses: a text of ten thousand brackets ends its stack, and ours is not to be shown.
    const message = error instanceof RangeError ? 'is nested too deeply to be read' : 'is not YAML that can be read'
    return { node: emptyAt(placeAt(0)), problems: [problemAt(placeAt(0), message)] }
  }
}

/** Where the library's own words would speak of its functions. */
const messages: ReadonlyMap<string, string> = new Map([
  ['MULTIPLE_DOCS', 'expected one document, found several'],
  ['RESOURCE_EXHAUSTION', 'is nested too deeply to be read'],
])

/** A guess that errs on the side of reading: only texts that were made to hurt open so much, or on one line. */
function isTooDeep(text: string): boolean {
  if (/(?:[-?][ \t]){200}/.test(text)) return true
  let open = 0
  for (const character of text) {
    if (character === '[' || character === '{') open++
    else if (character === ']' || character === '}') open = Math.max(0, open - 1)
    if (open > 500) return true
  }
  return false
}

/** The value of a `--set`, read as YAML; text where it is none. */
export function readYamlValue(text: string, place: Place): SourceNode {
  const { node, problems } = readYaml(text, place.file)
  return relocated(problems.length > 0 ? { kind: 'scalar', value: text, place } : node, place)
}

function relocated(node: SourceNode, place: Place): SourceNode {
  switch (node.kind) {
    case 'scalar':
      return { ...node, place }
    case 'list':
      return { ...node, place, items: node.items.map((item) => relocated(item, place)) }
    case 'map': {
      const entries = [...node.entries].map(
        ([name, entry]) => [name, { key: place, node: relocated(entry.node, place) }] as const,
      )
      return { ...node, place, entries: new Map(entries) }
    }
  }
}

class Walk {
  readonly problems: ScenarioProblem[] = []
  readonly #document: Document
  readonly #placeAt: (offset: number) => Place
  #aliased = 0
  #aliasDepth = 0

  constructor(document: Document, placeAt: (offset: number) => Place) {
    this.#document = document
    this.#placeAt = placeAt
  }

  /** `around` is the offset of what the node belongs to, for nodes that have no text of their own. */
  nodeOf(node: unknown, around: number, depth: number): SourceNode {
    const offset = (isNode(node) ? node.range?.[0] : undefined) ?? around
    const place = this.#placeAt(offset)
    if (!isNode(node)) return { kind: 'scalar', value: null, place }
    if (depth > depthLimit) return this.#refused(place, `is nested more than ${depthLimit} deep`)
    if (this.#aliasDepth > 0 && ++this.#aliased > aliasedLimit)
      return this.#refused(place, `has more than ${aliasedLimit} values that come of aliases`)
    if (isAlias(node)) return this.#expanded(node.resolve(this.#document), offset, depth, place)
    if (isMap(node)) return { kind: 'map', entries: this.#entriesOf(node, offset, depth), place }
    if (isSeq(node))
      return { kind: 'list', items: node.items.map((item) => this.nodeOf(item, offset, depth + 1)), place }
    return { kind: 'scalar', value: isScalar(node) ? scalarOf(node.value, node.source) : null, place }
  }

  #expanded(target: YamlNode | undefined, offset: number, depth: number, place: Place): SourceNode {
    if (target === undefined) return this.#refused(place, 'names an anchor that is not there')
    this.#aliasDepth++
    const node = this.nodeOf(target, offset, depth + 1)
    this.#aliasDepth--
    return node
  }

  #entriesOf(map: YAMLMap, offset: number, depth: number): ReadonlyMap<string, MapEntry> {
    const merged = new Map<string, MapEntry>()
    const own = new Map<string, MapEntry>()
    for (const pair of map.items) {
      const name = this.#nameOf(pair, offset)
      const key = this.#placeAt((isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset)
      if (name === undefined) continue
      const node = this.nodeOf(pair.value, isNode(pair.key) ? (pair.key.range?.[1] ?? offset) : offset, depth + 1)
      if (name === '<<') mergeInto(merged, node)
      else if (own.has(name)) this.#refused(key, `the key ${quoted(name)} is there twice`)
      else own.set(name, { key, node })
    }
    return new Map([...merged, ...own])
  }

  #nameOf(pair: Pair, offset: number): string | undefined {
    const key = isAlias(pair.key) ? pair.key.resolve(this.#document) : pair.key
    const name = isScalar(key) ? (key.source ?? String(key.value)) : undefined
    if (name !== undefined && name !== '__proto__') return name
    const at = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset
    this.#refused(
      this.#placeAt(at),
      name === undefined ? 'expected a name as a key, found something else' : `the key ${name} cannot be used`,
    )
    return undefined
  }

  #refused(place: Place, message: string): SourceNode {
    const said = this.problems.some((problem) => problem.message === message)
    if (!said) this.problems.push(problemAt(place, message))
    return emptyAt(place)
  }
}

/** Maps that are merged in by `<<`: one or a list, the earlier one first. */
function mergeInto(entries: Map<string, MapEntry>, node: SourceNode): void {
  for (const map of node.kind === 'list' ? node.items : [node]) {
    if (map.kind !== 'map') continue
    for (const [name, entry] of map.entries) if (!entries.has(name)) entries.set(name, entry)
  }
}

/**
 * A number is one only in its plain form; `0007`, `4.10` and `.nan` stay the text that they are. Who wants a number of such a text
 * reads it as one.
 */
function scalarOf(value: unknown, source: string | undefined): Scalar {
  if (typeof value === 'number') return source === undefined || String(value) === source ? value : source
  if (typeof value === 'bigint') return source ?? String(value)
  return typeof value === 'string' || typeof value === 'boolean' ? value : value === null ? null : String(source ?? '')
}

function emptyAt(place: Place): SourceNode {
  return { kind: 'map', entries: new Map(), place }
}

function problemAt(place: Place, message: string): ScenarioProblem {
  return { ...place, path: '', message, suggestion: undefined }
}

/** The library's messages, as the rest of ours: no capital, no full stop. */
function sentence(message: string): string {
  const [first = ''] = message.split('\n')
  return `not YAML: ${first.slice(0, 1).toLowerCase()}${first.slice(1).replace(/[.:]$/, '')}`
}
