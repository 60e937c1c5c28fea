import type { Run } from '../../run.ts'
import type { Story } from '../story/story.ts'
import { thresholdText } from '../threshold-text.ts'
import { standingOf, thresholdStanding, verdictText, type Standing } from '../verdict-words.ts'

/** A verdict or a threshold as other programs want it: a name, how it came out, and whether that was wanted. */
export interface JudgedThing {
  readonly name: string
  readonly text: string
  readonly standing: Standing
  /** `unjudged` where nobody could tell and nobody expected anything. */
  readonly outcome: 'met' | 'not-met' | 'undecided'
}

/** Thresholds first, then a row for each guarantee. */
export function judgedThings(run: Run): readonly JudgedThing[] {
  const thresholds = run.thresholds.map((threshold): JudgedThing => {
    const { service, text, met, measured } = threshold
    const outcome = met ? 'met' : measured === undefined ? 'undecided' : 'not-met'
    return {
      name: `${service} ${text}`,
      text: thresholdText(threshold),
      standing: thresholdStanding(threshold),
      outcome,
    }
  })
  const rows = run.rows.map((row): JudgedThing => {
    const { service, guarantee, level, verdict, met } = row
    const outcome = verdict === 'unknown' && row.expected !== 'unknown' ? 'undecided' : met ? 'met' : 'not-met'
    return {
      name: `${service} ${guarantee} (${level})`,
      text: verdictText(row, run),
      standing: standingOf(row),
      outcome,
    }
  })
  return [...thresholds, ...rows]
}

/** The story of what broke a guarantee, of those of its run; nothing of a threshold. */
export function storyOf(stories: readonly Story[], { name }: JudgedThing): Story | undefined {
  const [service = '', guarantee = ''] = name.split(' ')
  return stories.find(
    ({ of, heading }) => of === 'broken' && heading.startsWith(`${service} `) && heading.includes(guarantee),
  )
}

/** `01-delivery/exactly-once [the-store-decides]`. */
export function runName({ scenario: { name, variant } }: Run): string {
  return variant === '' ? name : `${name} [${variant}]`
}
