import type { AnyFact } from '../../history/fact.ts'
import { logged } from '../../history/facts.ts'
import { factPhrase } from '../../report/fact-phrase.ts'
import { momentText } from '../../report/quantities.ts'
import type { Run } from '../../run.ts'

/** Where two runs of the same began to differ. */
export interface Difference {
  readonly sentence: string
  /** Whether they did the same, and only wrote other lines into the log. */
  readonly isOnlyLogged: boolean
}

/** Nothing where they are the same to the last event. */
export function firstDifference(one: Run, other: Run): Difference | undefined {
  if (one.fingerprint === other.fingerprint) return undefined
  const sentence = firstDifferent(one, other)
  const isOnlyLogged = one.events === other.events && doings(one) === doings(other) && lines(one) !== lines(other)
  return { sentence, isOnlyLogged }
}

/** What a run did, whatever it wrote into the log, and how often. */
function doings(run: Run): string {
  return textOf(run, ({ kind }) => kind !== logged.name)
}

function lines(run: Run): string {
  return textOf(run, ({ kind }) => kind === logged.name)
}

function textOf(run: Run, isMeant: (fact: AnyFact) => boolean): string {
  return [...run.history]
    .filter(isMeant)
    .map((fact) => told(run, fact))
    .join('\n')
}

function firstDifferent(one: Run, other: Run): string {
  const facts = Math.min(one.history.length, other.history.length)
  for (let index = 0; index < facts; index++) {
    const [first, second] = [told(one, one.history.at(index)), told(other, other.history.at(index))]
    if (first !== second) return `it first went on with "${first}", and then with "${second}"`
  }
  const [longer, shorter] = one.history.length > facts ? ['first', 'second'] : ['second', 'first']
  return `the ${longer} went on when the ${shorter} had ended`
}

function told({ history }: Run, fact: AnyFact): string {
  return `${factPhrase(history, fact)} at ${momentText(fact.time)}`
}

/** Why runs of the same code may differ: what a simulated crash does not take away, or what is not the simulation's. */
export const likelyCauses =
  'The code keeps something that outlives a process (variables of a module, a singleton), or took a clock or a source of random numbers before onceproof was loaded. ' +
  'What belongs to a process has to be made inside `consumer: () => ...`.'
