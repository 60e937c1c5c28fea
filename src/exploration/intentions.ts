import type { Scenario } from '../scenario/scenario.ts'

/** A scenario without what it expects, asks and teaches: that is about another run of it. */
export function withoutIntentions(scenario: Scenario): Scenario {
  return {
    ...scenario,
    title: '',
    question: '',
    why: '',
    predict: undefined,
    expectations: [],
    thresholds: [],
    otherwise: 'anything',
  }
}
