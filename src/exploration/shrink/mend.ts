import { handled } from '../../history/facts.ts'
import { catalogue } from '../../pipeline/catalogue.ts'
import type { JudgedRow, Run } from '../../run.ts'
import { recordOf } from '../../scenario/record.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { writtenValue } from '../../scenario/settings-document.ts'
import type { OptionSpec, OptionTable, Settings } from '../../systems/option.ts'
import { withRuns, type NeedsRuns, type Outcome } from '../needs-runs.ts'
import { anchorPointsOf } from '../anchors.ts'
import { withFaultAt } from './fewer-faults.ts'
import { otherwise } from './identity.ts'
import { parsed } from './shorter-file.ts'
import type { Counterexample } from './shrink.ts'
import { breaks, type ShrinkTarget } from './target.ts'

/** One option that mends a counterexample. */
export interface Mend {
  /** For `--set`: `services.shop.sends.0.producer.acks=all`. */
  readonly assignment: string
  /** Runs that hold with it: the case itself, with other seeds and latencies, and with its faults at other moments. */
  readonly proofs: number
  /** In how many of them fewer messages were handled than without it: what is given up is not lost, and not done either. */
  readonly fewerHandled: number
  /** Options tried until then. */
  readonly tried: number
}

/** How many other seeds and latencies a mend is tried under, and to how many other moments each fault is moved. */
const otherSeeds = 4
const otherMoments = 24

/**
 * The cheapest single option with which the guarantee holds: first those of the clients, then how a service handles, then stores, then the
 * systems. It counts only if the faults still strike and messages are still handled, and if nothing breaks, now or with the faults at other
 * moments, that did not break before: an option that only shifts the moment of danger mends nothing. One with which fewer messages are handled anywhere comes behind
 * all others.
 */
export function mend(broken: Counterexample): Mend | undefined {
  return withRuns(mendingOf(broken))
}

/** The same as work that needs runs. */
function* mendingOf({ text, service, guarantee, level }: Counterexample): NeedsRuns<Mend | undefined> {
  const target: ShrinkTarget = { service, guarantee, level, symptom: undefined }
  const broken = parsed(text, 'case')
  const before = broken && (yield broken)
  if (broken === undefined || before === undefined || typeof before === 'string') return undefined
  const trials = new Trials([...otherwise(broken, otherSeeds), ...withMovedFaults(before)], target)
  let tried = 0
  let costly: Mend | undefined
  for (const assignment of assignmentsFor(broken)) {
    tried++
    const mended = parsed(text, 'case', [assignment])
    if (mended === undefined || !isMended(yield mended, target, before)) continue
    const fewerHandled = yield* trials.withFewerHandled(mended)
    if (fewerHandled === undefined) continue
    const found = { assignment, proofs: 1 + trials.count, fewerHandled, tried }
    if (fewerHandled === 0) return found
    costly ??= found
  }
  return costly
}

/** The case with one of its faults at another moment, for moments all over the run. */
function withMovedFaults({ scenario, history }: Run): readonly Scenario[] {
  const points = anchorPointsOf(history)
  const step = Math.max(1, Math.floor(points.length / otherMoments))
  const chosen = points.filter((_, place) => place % step === 0)
  return scenario.faults.flatMap((fault, place) =>
    chosen.map(({ anchor }) =>
      withFaultAt(scenario, place, { ...fault, strikes: { when: anchor, cut: 'after-step' } }),
    ),
  )
}

function withOptionsOf(mended: Scenario, { seed, faults, network }: Scenario): Scenario {
  return { ...mended, seed, faults, network }
}

/** The case in other circumstances, each as it comes out without a mend; that is found out once. */
class Trials {
  readonly #trials: readonly Scenario[]
  readonly #target: ShrinkTarget
  readonly #before = new Map<Scenario, Outcome>()

  constructor(trials: readonly Scenario[], target: ShrinkTarget) {
    this.#trials = trials
    this.#target = target
  }

  get count(): number {
    return this.#trials.length
  }

  /** In how many of them fewer messages are handled with the mend; nothing where it does not hold in all of them, or something else breaks that did not before. */
  *withFewerHandled(mended: Scenario): NeedsRuns<number | undefined> {
    let fewer = 0
    for (const trial of this.#trials) {
      const after = yield withOptionsOf(mended, trial)
      if (typeof after === 'string' || breaks(after, this.#target)) return undefined
      const before = this.#before.get(trial) ?? (yield trial)
      this.#before.set(trial, before)
      if (typeof before === 'string') return undefined
      const broken = after.rows.filter(({ verdict }) => verdict === 'violated')
      if (!broken.every((row) => before.rows.some((old) => isSame(old, row)))) return undefined
      if (handledIn(after) < handledIn(before)) fewer++
    }
    return fewer
  }
}

/** How many messages were handled, each counted once. */
function handledIn({ history }: Run): number {
  const messages = new Set<unknown>()
  for (const fact of history) if (fact.kind === handled.name) messages.add(fact['message'])
  return messages.size
}

function isMended(after: Outcome, target: ShrinkTarget, before: Run): boolean {
  if (typeof after === 'string' || breaks(after, target)) return false
  const holds = after.rows.some((row) => isOf(row, target) && row.verdict === 'holds')
  const struck = after.faults.every(({ state }) => state === 'over' || state === 'active')
  const worse = after.rows.some((row) => row.verdict === 'violated' && !before.rows.some((old) => isSame(old, row)))
  return holds && struck && !worse
}

function isOf(row: JudgedRow, { service, guarantee, level }: ShrinkTarget): boolean {
  return row.service === service && row.guarantee === guarantee && row.level === level
}

function isSame(old: JudgedRow, row: JudgedRow): boolean {
  return isOf(old, { ...row, symptom: undefined }) && old.verdict === 'violated'
}

/** Every other value that options of the scenario could have, the cheapest place first. */
function* assignmentsFor(scenario: Scenario): Generator<string> {
  const kindOf = (system: string) => catalogue.kinds.find(({ name }) => name === scenario.systems[system]?.kind)
  for (const { name, sends, receives } of scenario.services) {
    for (const [place, spec] of sends.entries()) {
      const path = `services.${name}.sends.${place}`
      for (const other of ['send-again', 'give-up']) if (other !== spec.onFailure) yield `${path}.on-failure=${other}`
      yield* inTable(`${path}.producer`, kindOf(spec.to.system)?.producerOptions ?? {}, spec.settings)
    }
    for (const [place, { from, settings }] of receives.entries())
      yield* inTable(
        `services.${name}.receives.${place}.consumer`,
        kindOf(from.system)?.consumerOptions ?? {},
        settings,
      )
  }
  yield* inHandling(scenario)
  for (const [name, { kind, settings }] of Object.entries(scenario.stores)) {
    yield* inTable(`stores.${name}.${kind}`, catalogue.stores.find((one) => one.name === kind)?.options ?? {}, settings)
  }
  for (const [name, { kind, settings }] of Object.entries(scenario.systems))
    yield* inTable(`systems.${name}.${kind}`, kindOf(name)?.options ?? {}, settings)
}

function* inHandling({ services }: Scenario): Generator<string> {
  for (const { name, handling, receives } of services) {
    if (receives.length === 0) continue
    const path = `services.${name}.handling`
    for (const other of ['after', 'before']) if (other !== handling.acknowledge) yield `${path}.acknowledge=${other}`
    for (const other of catalogue.strategies)
      if (other.name !== handling.strategy.name) yield `${path}.strategy=${other.name}`
    for (const other of ['requeue', 'discard']) if (other !== handling.onError) yield `${path}.on-error=${other}`
    if (handling.concurrency > 1) yield `${path}.concurrency=1`
  }
}

/** Choices and flags first, then numbers ten times as large and as small. */
function* inTable(path: string, table: OptionTable, { values }: Pick<Settings, 'values'>): Generator<string> {
  const options = [...optionsIn(path, table, values)]
  const bySort = (sorts: readonly OptionSpec['type'][]) => options.filter(({ spec }) => sorts.includes(spec.type))
  for (const { place, value } of bySort(['flag'])) yield `${place}=${String(!value)}`
  for (const { place, spec, value } of bySort(['choice'])) {
    if (spec.type === 'choice') for (const other of spec.choices) if (other !== value) yield `${place}=${other}`
  }
  for (const { place, spec, value } of bySort(['duration', 'count'])) {
    if (typeof value !== 'number') continue
    for (const other of [value * 10, Math.floor(value / 10)]) yield `${place}=${String(writtenValue(spec, other))}`
  }
}

interface PlacedOption {
  readonly place: string
  readonly spec: OptionSpec
  readonly value: unknown
}

function* optionsIn(
  path: string,
  table: OptionTable,
  values: Readonly<Record<string, unknown>>,
): Generator<PlacedOption> {
  for (const [name, spec] of Object.entries(table)) {
    const [place, value] = [`${path}.${name}`, values[name]]
    if (spec.type === 'group') yield* optionsIn(place, spec.of, recordOf(value))
    else if (spec.type === 'map') {
      for (const [key, inner] of Object.entries(recordOf(value)))
        yield* optionsIn(`${place}.${key}`, spec.of, recordOf(inner))
    } else yield { place, spec, value }
  }
}
