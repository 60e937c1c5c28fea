import type { SendsSpec, ServiceSpec } from '../application/service.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { failuresOf } from './failure.ts'
import type { Run } from '../run.ts'
import { runOrError, type Outcome } from './needs-runs.ts'

/** What a kept case shows today. `stale`: one of its faults finds nobody or waits for what no longer happens, so it proves nothing. */
export type CaseState = 'red' | 'green' | 'stale'

/** A kept case that was run again. */
export interface Replayed {
  readonly state: CaseState
  /** What is broken, as kinds; also of what the case was not kept for. */
  readonly kinds: readonly string[]
  /** Why it is stale, or what is broken. */
  readonly sentence: string
}

/** Runs a kept case again: a scenario that expects what ought to hold. */
export function replay(scenario: Scenario): Replayed {
  return replayed(runOrError(scenario))
}

/** What a run of a kept case shows. */
function replayed(outcome: Outcome): Replayed {
  if (typeof outcome === 'string') return { state: 'stale', kinds: [], sentence: outcome }
  const failures = failuresOf(outcome, { guarantees: [], symptom: undefined })
  const kinds = failures.map(({ kind }) => kind)
  switch (outcome.conclusion) {
    case 'not-as-expected':
      return { state: 'red', kinds, sentence: failures[0]?.sentence ?? 'It did not come out as expected.' }
    case 'undecided':
      return { state: 'stale', kinds, sentence: idleSentence(outcome) ?? 'What it expects could not be judged.' }
    case 'as-expected':
      return { state: 'green', kinds, sentence: 'It holds now.' }
  }
}

/** Which of its faults did nothing. */
function idleSentence({ faults, notes }: Run): string | undefined {
  const [idle] = faults.filter(({ state }) => state === 'missed' || state === 'waiting')
  if (idle === undefined) return notes[0]
  const { action, targets, strikes } = idle.fault
  const what = `Its ${action} of ${targets.flat().join(' and ')}`
  if ('at' in strikes) return `${what} struck nobody.`
  const { fact, values, nth } = strikes.when
  const message = values['message'] === undefined ? '' : ` of ${values['message']}`
  return `${what} never struck: it waits for ${fact}${message}${nth > 1 ? ` (number ${nth})` : ''}.`
}

/**
 * A kept case on the scenario as it is today: its seed, faults and amount of work, with today's systems, stores and options. So a case stays
 * red until the scenario is mended, and not only until somebody edits the copy of it that the case is.
 */
export function transplanted(kept: Scenario, today: Scenario): Scenario {
  const { seed, faults, settling, network, expectations, otherwise, title, name } = kept
  const services = today.services.map((service) => {
    const then = kept.services.find((candidate) => candidate.name === service.name)
    return then === undefined ? service : withWork(service, then)
  })
  return {
    ...today,
    name,
    title,
    seed,
    faults,
    settling,
    network,
    expectations,
    otherwise,
    services,
    nemesis: undefined,
  }
}

function withWork(service: ServiceSpec, then: ServiceSpec): ServiceSpec {
  const sends = service.sends.map((spec, place) => withWorkload(spec, then.sends[place]))
  const handling = { ...service.handling, takes: then.handling.takes, varies: then.handling.varies }
  return { ...service, members: then.members, sends, handling }
}

function withWorkload(spec: SendsSpec, then: SendsSpec | undefined): SendsSpec {
  return then === undefined ? spec : { ...spec, workload: then.workload, after: then.after }
}

/** Names of files for cases, each once: `no-loss-of-billing`, `no-loss-of-billing-2`. */
export function caseName(guarantee: string, service: string, taken: ReadonlySet<string>): string {
  const name = `${guarantee}-of-${service.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}`
  if (!taken.has(name)) return name
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`
}
