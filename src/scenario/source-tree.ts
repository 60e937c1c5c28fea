import type { Place } from './problem.ts'

/** A document with the place of everything in it. Overlays, `--set` and dropped secrets make new trees, so places stay true. */
export type SourceNode = ScalarNode | ListNode | MapNode

export type Scalar = string | number | boolean | null

interface ScalarNode {
  readonly kind: 'scalar'
  readonly value: Scalar
  readonly place: Place
}

interface ListNode {
  readonly kind: 'list'
  readonly items: readonly SourceNode[]
  readonly place: Place
}

interface MapNode {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, MapEntry>
  readonly place: Place
}

export interface MapEntry {
  /** The place of the key. */
  readonly key: Place
  readonly node: SourceNode
}

export type Path = readonly (string | number)[]

/** The document as plain data. */
export function plainOf(node: SourceNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(plainOf)
    case 'map':
      return Object.fromEntries([...node.entries].map(([name, entry]) => [name, plainOf(entry.node)]))
  }
}

/** A tree of plain data that was written at one place: the value of `--set`, or a document made by a program. */
export function nodeOf(value: unknown, place: Place): SourceNode {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => nodeOf(item, place)), place }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([name, item]) => [name, { key: place, node: nodeOf(item, place) }] as const,
    )
    return { kind: 'map', entries: new Map(entries), place }
  }
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return { kind: 'scalar', value: isScalar ? value : null, place }
}

export function entryOf(node: SourceNode | undefined, name: string): SourceNode | undefined {
  return node?.kind === 'map' ? node.entries.get(name)?.node : undefined
}

export function childOf(node: SourceNode | undefined, step: string | number): SourceNode | undefined {
  return node?.kind === 'list' ? node.items[Number(step)] : entryOf(node, String(step))
}

/** The place of what is at the path, or of the innermost thing around it that is there. */
export function placeOf(node: SourceNode, path: Path): Place {
  const [step, ...rest] = path
  if (step === undefined) return node.place
  const child = childOf(node, step)
  return child === undefined ? node.place : placeOf(child, rest)
}

/** The place of the key that the path ends with. */
export function keyPlaceOf(node: SourceNode, path: Path): Place {
  const parent = path.slice(0, -1).reduce<SourceNode | undefined>(childOf, node)
  const entry = parent?.kind === 'map' ? parent.entries.get(String(path.at(-1))) : undefined
  return entry?.key ?? placeOf(node, path)
}

/**
 * `over` laid on `base`: maps are merged, everything else is replaced, and null takes away what was there. A map that chooses one of several,
 * as `isChoice` says of its path, is replaced by another choice.
 */
export function overlaid(
  base: SourceNode | undefined,
  over: SourceNode,
  isChoice: (path: Path) => boolean = () => false,
  path: Path = [],
): SourceNode {
  if (over.kind !== 'map') return over
  const merges = base?.kind === 'map' && (!isChoice(path) || sharesName(base, over))
  const entries = new Map(merges ? base.entries : [])
  for (const [name, { key, node }] of over.entries) {
    if (node.kind === 'scalar' && node.value === null) entries.delete(name)
    else entries.set(name, { key, node: overlaid(entries.get(name)?.node, node, isChoice, [...path, name]) })
  }
  return { kind: 'map', entries, place: base?.kind === 'map' ? base.place : over.place }
}

function sharesName(one: MapNode, other: MapNode): boolean {
  return [...other.entries.keys()].some((name) => one.entries.has(name))
}

/** The map without these names. */
export function without(node: SourceNode, names: readonly string[]): SourceNode {
  if (node.kind !== 'map') return node
  return { ...node, entries: new Map([...node.entries].filter(([name]) => !names.includes(name))) }
}

/** The tree with `value` at the path; maps on the way that are not there are made. */
export function withNodeAt(node: SourceNode | undefined, path: Path, value: SourceNode): SourceNode {
  const [step, ...rest] = path
  if (step === undefined) return value
  const child = withNodeAt(childOf(node, step), rest, value)
  if (node?.kind === 'list') return { ...node, items: node.items.map((item, index) => (index === step ? child : item)) }
  const entries = new Map(node?.kind === 'map' ? node.entries : [])
  entries.set(String(step), { key: entries.get(String(step))?.key ?? value.place, node: child })
  return { kind: 'map', entries, place: node?.place ?? value.place }
}
