import type { Place, Traced } from '../../dependencies/store-trace.ts'

/** Something that there is not as often as without faults. */
export interface Difference {
  /** `loss` and `repetition` are certain; of the others nobody can say whether they are wrong. */
  readonly kind: 'loss' | 'repetition' | 'unclear'
  /** `the table payments`. */
  readonly place: string
  readonly of: Place['kind']
  /** The operation that it is about; empty where no value names one. */
  readonly operation: string
  /** Whether as many are there, with other values. */
  readonly isChange: boolean
  /** `the table payments has { order_id: order-3 } twice, and once without faults`. */
  readonly text: string
}

/** What chance and time decide: by place, the parts that are not compared; of a cache, the keys. */
export type Fickle = ReadonlyMap<string, ReadonlySet<string>>

/** The parts of items that are not the same in two runs in which nothing broke, or that say which of the `hosts` wrote the item. */
export function fickleParts(one: readonly Place[], other: readonly Place[], hosts: ReadonlySet<string>): Fickle {
  return new Map(
    one.map((place) => {
      const items = other.find(({ name }) => name === place.name)?.items ?? []
      const [first, second] =
        place.kind === 'entries' ? [[entries(place.items)], [entries(items)]] : [place.items, items]
      const parts = new Set([...first, ...second].flatMap((item) => Object.keys(item)))
      const isFickle = (part: string): boolean =>
        column(first, part) !== column(second, part) || first.some((item) => hosts.has(item[part] ?? ''))
      return [place.name, new Set([...parts].filter(isFickle))]
    }),
  )
}

/** What is not compared because of that; nothing where everything is. */
export function fickleText(fickle: Fickle): string | undefined {
  const parts = [...fickle].flatMap(([place, names]) => [...names].map((name) => `${name} of ${place}`))
  if (parts.length === 0) return undefined
  const some = `${parts.slice(0, 3).join(', ')}${parts.length > 3 ? ` and ${parts.length - 3} more` : ''}`
  return `what differs between two runs without faults, or names a host, is not compared, unless an invariant does it: ${some}`
}

/** An operation of which one of two runs without faults left more than the other; nothing where there is none. */
export function unsteadyText(
  one: readonly Place[],
  other: readonly Place[],
  operations: ReadonlySet<string>,
): string | undefined {
  for (const { name, items } of one) {
    const others = other.find((place) => place.name === name)?.items ?? []
    for (const operation of operations) {
      const [first, second] = [mentions(items, operation), mentions(others, operation)]
      if (first !== second)
        return `${name} speaks of ${operation} ${timesText(first)}, and in another run without faults ${timesText(second)}`
    }
  }
  return undefined
}

/** How many of the items name it, be it among others. */
function mentions(items: readonly Traced[], operation: string): number {
  const quoted = JSON.stringify(operation)
  return items.filter((item) => Object.values(item).some((value) => value === operation || value.includes(quoted)))
    .length
}

/** What a run left behind, held against what is left without faults. */
export function differences(
  without: readonly Place[],
  run: readonly Place[],
  fickle: Fickle,
  operations: ReadonlySet<string>,
): readonly Difference[] {
  return without.flatMap((place) => {
    const items = run.find(({ name }) => name === place.name)?.items ?? []
    const left = fickle.get(place.name) ?? new Set<string>()
    const expected = grouped(place, place.items, left, operations)
    const found = grouped(place, items, left, operations)
    const groups = [...new Set([...expected.keys(), ...found.keys()])]
    return groups.flatMap((operation) =>
      differenceIn(place, operation, expected.get(operation) ?? new Map(), found.get(operation) ?? new Map()),
    )
  })
}

type Counts = ReadonlyMap<string, number>

function differenceIn(place: Place, operation: string, expected: Counts, found: Counts): readonly Difference[] {
  const items = [...new Set([...expected.keys(), ...found.keys()])]
  const fewer = items.filter((item) => (found.get(item) ?? 0) < (expected.get(item) ?? 0))
  const more = items.filter((item) => (found.get(item) ?? 0) > (expected.get(item) ?? 0))
  const [least, most] = [fewer[0], more[0]]
  if (least === undefined && most === undefined) return []
  const worst = more.find((item) => expected.has(item)) ?? most ?? least ?? ''
  const times = (counts: Counts): string => timesText(counts.get(worst) ?? 0)
  const text = `${place.name} has ${worst} ${times(found)}, and ${times(expected)} without faults`
  const isChange = sum(expected) === sum(found)
  const kind = kindOf(place, operation, expected, { fewer, more })
  return [{ kind, place: place.name, of: place.kind, operation, isChange, text }]
}

function kindOf(
  { kind }: Place,
  operation: string,
  expected: Counts,
  { fewer, more }: { readonly fewer: readonly string[]; readonly more: readonly string[] },
): Difference['kind'] {
  if (kind === 'entries') return 'unclear'
  if (more.length === 0) return 'loss'
  if (fewer.length > 0) return 'unclear'
  // One more of what is there once is a repetition; so is another one about the same operation, if it has any without faults.
  const isKnown = operation !== '' && expected.size > 0
  return isKnown || more.every((item) => expected.has(item)) ? 'repetition' : 'unclear'
}

/** By operation, how often each item is there, without what is fickle. */
function grouped(
  { kind }: Place,
  items: readonly Traced[],
  fickle: ReadonlySet<string>,
  operations: ReadonlySet<string>,
): ReadonlyMap<string, Map<string, number>> {
  const groups = new Map<string, Map<string, number>>()
  for (const item of items) {
    const isFickle = (part: string): boolean =>
      kind === 'entries' ? part === 'value' && fickle.has(item['key'] ?? '') : fickle.has(part)
    const steady = Object.entries(item).filter(([part]) => !isFickle(part))
    const operation = Object.values(item).find((value) => operations.has(value)) ?? ''
    const text = `{ ${steady.map(([part, value]) => `${part}: ${value}`).join(', ')} }`
    const counts = groups.get(operation) ?? new Map<string, number>()
    counts.set(text, (counts.get(text) ?? 0) + 1)
    groups.set(operation, counts)
  }
  return groups
}

function sum(counts: Counts): number {
  return [...counts.values()].reduce((all, count) => all + count, 0)
}

/** The entries of a cache, each a part of one item. */
function entries(items: readonly Traced[]): Traced {
  return Object.fromEntries(items.map(({ key = '', value = '' }) => [key, value]))
}

function column(items: readonly Traced[], part: string): string {
  return JSON.stringify(items.map((item) => item[part] ?? '').toSorted())
}

function timesText(count: number): string {
  return count === 0 ? 'not at all' : count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}
