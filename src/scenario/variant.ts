import type { Path, SourceNode } from './source-tree.ts'
import { entryOf, nodeOf, overlaid, without } from './source-tree.ts'

/** The variant that every scenario with faults has: the run without them, in which nothing may break. */
export const noFaults = 'no-faults'

/** The names of the variants of a document, the built-in one last. A lesson that needs no fault to break has none to take away. */
export function variantNames(document: SourceNode): readonly string[] {
  const own = ownVariants(document)
  const hasFaults = entryOf(document, 'faults') !== undefined || entryOf(document, 'nemesis') !== undefined
  return own.includes(noFaults) || !hasFaults ? own : [...own, noFaults]
}

export function ownVariants(document: SourceNode): readonly string[] {
  const variants = entryOf(document, 'variants')
  return variants?.kind === 'map' ? [...variants.entries.keys()] : []
}

/** The document with a variant laid over it; empty for the document as it stands. */
export function withVariant(document: SourceNode, variant: string): SourceNode {
  const base = without(document, ['variants'])
  if (variant === '') return base
  const changes = entryOf(entryOf(document, 'variants'), variant) ?? nodeOf({}, document.place)
  const isList = changes.kind !== 'map'
  const over = isList ? nodeOf({}, document.place) : changes
  return overlaid(variant === noFaults ? withoutFaults(base) : base, over, isChoice)
}

/** Maps that say which product, kind of store or strategy there is to be: naming another one takes its place. */
function isChoice(path: Path): boolean {
  const [section, , part, choice] = path
  if (section === 'systems' || section === 'stores') return path.length === 2
  return section === 'services' && part === 'handling' && choice === 'strategy' && path.length === 4
}

/** Without anything that breaks or that says what a fault would have done. A variant of that name may say more. */
function withoutFaults(document: SourceNode): SourceNode {
  return without(document, ['faults', 'nemesis', 'expect', 'thresholds'])
}
