import type { AnyFact } from '../../history/fact.ts'
import * as facts from '../../history/facts.ts'
import type { History } from '../../history/history.ts'
import type { Shape } from './diagram.ts'

const shapes: ReadonlyMap<string, Shape> = new Map([
  [facts.submitted.name, 'sent'],
  [facts.delivered.name, 'delivered'],
  [facts.handled.name, 'finished'],
  [facts.handlingFailed.name, 'failed'],
  [facts.acknowledged.name, 'committed'],
  [facts.effectApplied.name, 'effect'],
  [facts.effectSkipped.name, 'left-out'],
  [facts.effectUndone.name, 'gone'],
  [facts.copyStored.name, 'stored'],
  [facts.faultStruck.name, 'fault'],
  [facts.faultEnded.name, 'node'],
])

/** The sign of a fact. Of the facts of a product it is found by what all of them call things. */
export function shapeOf(history: History, fact: AnyFact): Shape {
  const text = (field: string): string => history.names.text(Number(fact[field]))
  if (fact.kind === facts.answered.name) return text('outcome') === 'confirmed' ? 'confirmed' : 'unsure'
  if (fact.kind === facts.copyEnded.name) return ordinary.has(text('fate')) ? 'finished' : 'gone'
  const known = shapes.get(fact.kind)
  if (known !== undefined) return known
  const scope = history.kindOf(fact.kind)?.scope
  if (scope === 'node') return 'node'
  return words.find(([word]) => word.test(fact.kind))?.[1] ?? 'other'
}

const ordinary: ReadonlySet<string> = new Set(['acknowledged', 'delivered', 'moved'])

const words: readonly (readonly [RegExp, Shape])[] = [
  [/elected|leader/, 'elected'],
  [/rebalance|generation|member|group/, 'regrouped'],
  [/refused|rejected/, 'failed'],
  [/truncated|dropped|lost/, 'gone'],
  [/committed/, 'committed'],
  [/appended|replicated|stored/, 'stored'],
]

/** What each sign means, for a legend. */
export const shapeNames: Readonly<Record<Shape, string>> = {
  sent: 'sent',
  confirmed: 'confirmed',
  unsure: 'not confirmed',
  delivered: 'delivered',
  effect: 'effect',
  'left-out': 'left out',
  finished: 'finished',
  stored: 'stored',
  gone: 'gone',
  failed: 'failed',
  committed: 'acknowledged, committed',
  elected: 'elected',
  regrouped: 'group changed',
  fault: 'fault',
  node: 'node',
  other: 'something else',
}
