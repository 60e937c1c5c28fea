import type { AnyFact } from '../../history/fact.ts'
import type { Run } from '../../run.ts'
import { type ResolvedOption, resolvedOptions } from '../resolved-options.ts'
import type { StoryRule } from './story.ts'

/** The rule behind a fact, where its product names one. */
export type RuleSource = (fact: AnyFact) => StoryRule | undefined

/** A rule comes with the kind of a fact; else the reason that a fact gives may be the name of an option. */
export function ruleSourceOf({ history, systems }: Pick<Run, 'history' | 'systems'>): RuleSource {
  const options = systems.flatMap(({ name, options: table, settings }) =>
    resolvedOptions(table, settings).map((option) => ({ system: name, option })),
  )
  return (fact) => {
    const kind = history.kindOf(fact.kind)
    if (kind?.rule !== undefined) return { statement: kind.rule.statement, page: kind.rule.page }
    const reason = kind?.fields['reason'] === 'name' ? history.names.text(Number(fact['reason'])) : ''
    const place = kind?.fields['place'] === 'name' ? history.names.text(Number(fact['place'])) : ''
    const option = optionNamed(reason, place, options)
    return option && { statement: `${option.path} is ${option.value}: ${option.summary}`, page: option.page }
  }
}

/** The option of this place that a reason names, in whatever way the two are spelled. */
function optionNamed(
  reason: string,
  place: string,
  options: readonly { readonly system: string; readonly option: ResolvedOption }[],
): ResolvedOption | undefined {
  const wanted = letters(reason)
  if (wanted.length < 4) return undefined
  const of = place.slice(place.indexOf('/') + 1)
  const named = options.filter(
    ({ system, option: { path } }) =>
      letters(path).endsWith(wanted) && place.startsWith(`${system}/`) && path.includes(`.${of}.`),
  )
  return named.length === 1 ? named[0]?.option : undefined
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z]/g, '')
}
