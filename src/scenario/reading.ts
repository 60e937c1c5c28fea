import type { z } from 'zod'
import type { Catalogue } from './catalogue.ts'
import { expectationOf, quoted } from './issue.ts'
import type { Place, ScenarioProblem } from './problem.ts'
import type { Path, SourceNode } from './source-tree.ts'
import { childOf, keyPlaceOf, placeOf, plainOf } from './source-tree.ts'
import { suggestionFor } from './suggestion.ts'

/** A part of the document, and the way to it. */
export interface Spot {
  readonly node: SourceNode
  readonly path: Path
}

/** The part at `step`; where there is nothing, nothing, at the place around it. */
export function below(spot: Spot, ...steps: Path): Spot {
  return steps.reduce<Spot>(({ node, path }, step) => {
    const absent: SourceNode = { kind: 'scalar', value: null, place: node.place }
    return { node: childOf(node, step) ?? absent, path: [...path, step] }
  }, spot)
}

/** The names of a map, with what is below them. */
export function namesOf({ node }: Spot): readonly string[] {
  return node.kind === 'map' ? [...node.entries.keys()] : []
}

export function isAbsent({ node }: Spot): boolean {
  return node.kind === 'scalar' && node.value === null
}

/** A list's items, or the one thing that stands for a list of one. */
export function itemsOf(spot: Spot): readonly Spot[] {
  if (isAbsent(spot)) return []
  if (spot.node.kind !== 'list') return [spot]
  return spot.node.items.map((node, index) => ({ node, path: [...spot.path, index] }))
}

/** The reading of one document: collects everything that is wrong, so that all of it is said at once. */
export class Reading {
  readonly catalogue: Catalogue
  readonly problems: ScenarioProblem[] = []

  constructor(catalogue: Catalogue) {
    this.catalogue = catalogue
  }

  /** The value of the part, or nothing when it is not as the schema says. */
  read<T>(schema: z.ZodType<T>, spot: Spot): T | undefined {
    const plain = plainOf(spot.node)
    const result = schema.safeParse(plain === null ? undefined : plain)
    if (result.success) return result.data
    for (const issue of result.error.issues) {
      for (const { path, key, message, suggestion } of expectationOf(issue, plain)) {
        const place = key === undefined ? placeOf(spot.node, path) : keyPlaceOf(spot.node, [...path, key])
        this.#add(place, [...spot.path, ...path, ...(key === undefined ? [] : [key])], message, suggestion)
      }
    }
    return undefined
  }

  refuse(spot: Spot, message: string, suggestion?: string): void {
    this.#add(spot.node.place, spot.path, message, suggestion)
  }

  /** Refuses a name of a map rather than what is below it. */
  refuseName(map: Spot, name: string, message: string, suggestion?: string): void {
    this.#add(keyPlaceOf(map.node, [name]), [...map.path, name], message, suggestion)
  }

  /** Whether `name` is one of `known`; if not, says so. */
  knows(spot: Spot, what: string, name: string, known: readonly string[]): boolean {
    if (known.includes(name)) return true
    this.refuse(spot, `there is no ${what} ${quoted(name)}`, suggestionFor(name, known))
    return false
  }

  #add(place: Place, path: Path, message: string, suggestion: string | undefined): void {
    const { file, line, column } = place
    this.problems.push({ file, line, column, path: path.join('.'), message, suggestion })
  }
}
