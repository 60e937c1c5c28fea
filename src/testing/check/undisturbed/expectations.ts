import { judge } from '../../../checks/judge.ts'
import { exactlyOnce } from '../../../checks/exactly-once.ts'
import { noLoss } from '../../../checks/no-loss.ts'
import { judgeRows } from '../../../pipeline/conclusion.ts'
import type { JudgedRow, Run } from '../../../run.ts'
import { withRows } from '../../../run.ts'
import type { Scenario } from '../../../scenario/scenario.ts'
import { placeOfTable } from '../../dependencies/store-trace.ts'
import { WrongCheck } from '../../wrong-check.ts'
import { shortText } from '../described.ts'
import { isDelivery, isEffect, namesLevel } from '../levels.ts'
import type { ReadCheck } from '../read-check.ts'
import type { RowEffects } from '../../dependencies/pg/effect-rules.ts'
import type { RunOfCheck } from '../run-scenario.ts'
import type { CheckScenario } from '../check-scenario.ts'
import { readerOf } from '../sends-of-check.ts'
import { besideEffects, declaredEffects } from './beside-effects.ts'
import type { Difference } from './compare-places.ts'
import { differences, fickleText, unsteadyText } from './compare-places.ts'
import type { EffectsOfRun } from './effects-of-run.ts'
import { effectsOfRun } from './effects-of-run.ts'
import { UndisturbedRuns } from './undisturbed-runs.ts'
import {
  asideText,
  changedText,
  leftToInvariants,
  nothingLeft,
  silentText,
  stateRemark,
  strangeText,
  unclearText,
  undeclaredText,
} from './saying.ts'
import { setAside } from './set-aside.ts'
import { open, stateRow } from './state-rows.ts'

/**
 * What must come of a message is what comes of it when nothing breaks: one that has two effects owes both. One that has none is lost, unless the
 * check says that the code rightly ignores it. Where the code has no effects that a check knows, what its stores hold in the end is compared instead.
 */
export class Expectations {
  readonly #check: ReadCheck
  readonly #service: string
  readonly #ignored: ReadonlySet<string>
  readonly #undisturbed: UndisturbedRuns
  readonly #effects = new WeakMap<RunOfCheck, EffectsOfRun>()
  readonly #remarks = new Set<string>()
  /** By what they are about: what is the same in many runs is told once. */
  readonly #notes = new Map<string, string>()
  /** What the check says of tables, and of calls. */
  readonly #tables: ReadonlyMap<string, RowEffects>
  #unsteady: Promise<string | undefined> | undefined

  /** `run` makes a run of a scenario of the check. */
  constructor(
    check: ReadCheck,
    { scenario, service, ignored }: CheckScenario,
    run: (scenario: Scenario) => Promise<RunOfCheck>,
  ) {
    this.#check = check
    this.#service = service
    this.#ignored = ignored
    this.#tables = declaredEffects(check)
    this.#undisturbed = new UndisturbedRuns(scenario, run)
  }

  /** What whoever reads the result must know of how it was judged. A sentence each. */
  get remarks(): readonly string[] {
    return [...this.#remarks, ...this.#notes.values()]
  }

  /** The run, with its rows as they are when it is held against the run in which nothing breaks. */
  async judged(made: RunOfCheck): Promise<Run> {
    this.#undisturbed.offer(made)
    const known = this.#effectsWithout(await this.#undisturbed.whole())
    const isKnown = known.effects.size > 0 || this.#tables.size > 0
    const rows = isKnown ? await this.#withTables(made, await this.#byEffects(made, known)) : await this.#byState(made)
    return withRows(
      made.run,
      rows.filter((row) => !this.#saysLittle(row)),
    )
  }

  async #byEffects(made: RunOfCheck, whole: EffectsOfRun): Promise<readonly JudgedRow[]> {
    const { run, plan } = made
    if (whole.effects.size === 0) return this.#nothingApplied(made)
    const names = new Set([...whole.effects.values()].flatMap((effects) => [...effects]))
    const known = new Set([...this.#ignored, ...this.#setAside((await this.#undisturbed.whole()).run)])
    const silent = withoutEffect(whole).filter((operation) => !known.has(operation))
    const strange = [...whole.effects.keys()].filter((operation) => !whole.sent.has(operation))
    if (strange.length > 0 && silent.length === whole.sent.size) throw new WrongCheck(strangeText(strange, silent))
    if (silent.length > 0) this.#remarks.add(silentText(silent, whole.sent.size))
    const isLost = this.#rowsOfEffects(run).some(({ verdict }) => verdict !== 'holds')
    if (!isLost && names.size < 2) return run.rows
    const undisturbed = await this.#undisturbed.of(run.scenario)
    const owed = owedBy(this.#effectsWithout(undisturbed), this.#ignored, this.#check.versions.length === 1)
    const aside = this.#setAside(run)
    const owes = { ...owed, ...Object.fromEntries([...aside].map((operation) => [operation, []])) }
    const intended = plan()
    const services = intended.services.map((each) => (each.name === this.#service ? { ...each, owes } : each))
    const rejudged = judgeRows(judge(run.history, { ...intended, services }, [noLoss, exactlyOnce]), run.scenario)
    return run.rows.map((row) => rejudged.find((each) => isSame(row, each) && each.level === 'effect') ?? row)
  }

  /** Effects are what is inserted, mostly: a row that was written over a second time, and tables of which nothing is declared, show in what is left. */
  async #withTables(made: RunOfCheck, rows: readonly JudgedRow[]): Promise<readonly JudgedRow[]> {
    const { run } = made
    const held = this.#rowsOfEffects(run).every(({ verdict }) => verdict === 'holds')
    if (this.#tables.size === 0 || run.scenario.faults.length === 0 || run.ending === 'bound' || !held) return rows
    const { changed, undeclared } = besideEffects(await this.#differences(made), this.#tables)
    for (const { place, text } of undeclared) this.#note(place, undeclaredText(text))
    if (changed === undefined || this.#isLeftToInvariants(changed)) return rows
    const own = new Set(this.#rowsOfEffects({ ...run, rows }).filter(({ guarantee }) => guarantee !== noLoss.name))
    return rows.map((row) => (own.has(row) ? open(row, changedText(changed.text)) : row))
  }

  async #byState(made: RunOfCheck): Promise<readonly JudgedRow[]> {
    const { run } = made
    const rows = this.#rowsOfEffects(run)
    if (rows.length === 0) return run.rows
    const undisturbed = await this.#undisturbed.of(run.scenario)
    if (undisturbed.places().every(({ items }) => items.length === 0)) return withOpen(run, rows, nothingLeft)
    this.#remarks.add(stateRemark)
    const aside = this.#setAside(run)
    const found = (await this.#differences(made)).filter(
      ({ kind, operation }) => kind !== 'loss' || !aside.has(operation),
    )
    const unclear = found.find(({ kind }) => kind === 'unclear')
    this.#unsteady ??= this.#findUnsteady()
    const unsteady = await this.#unsteady
    const undecided =
      unsteady ?? (unclear && !this.#isLeftToInvariants(unclear) ? unclearText(unclear.text) : undefined)
    const judged = rows.map((row) => stateRow(row, run, found, undecided))
    const replaced = judgeRows(judged, run.scenario)
    return run.rows.map((row) => replaced.find((each) => isSame(row, each)) ?? row)
  }

  /** What the run left behind, held against what is left without faults. */
  async #differences({ run, places }: RunOfCheck): Promise<readonly Difference[]> {
    const undisturbed = await this.#undisturbed.of(run.scenario)
    const fickle = await this.#undisturbed.fickle()
    const text = fickleText(fickle)
    if (text !== undefined) this.#remarks.add(text)
    return differences(undisturbed.places(), places(), fickle, this.#effectsWithout(undisturbed).sent)
  }

  /** Why no run shows what is right: those without faults do not leave the same of each operation. */
  async #findUnsteady(): Promise<string | undefined> {
    if (this.#check.invariants.length > 0) return undefined
    const [one, other] = [await this.#undisturbed.whole(), await this.#undisturbed.slower()]
    const text = unsteadyText(one.places(), other.places(), this.#effectsWithout(one).sent)
    return text === undefined ? undefined : unclearText(text)
  }

  /** What the code has set aside in the run, which is told. */
  #setAside({ history }: Run): ReadonlySet<string> {
    const parking = this.#check.sends.filter(({ parks }) => parks)
    const aside = setAside(history, parking.map(readerOf))
    if (aside.size > 0) this.#remarks.add(asideText(parking.map(({ name }) => name)))
    return aside
  }

  /** Whether invariants say what is right, so that a difference is only told. */
  #isLeftToInvariants({ place, text }: Difference): boolean {
    if (this.#check.invariants.length === 0) return false
    this.#note(place, leftToInvariants(text))
    return true
  }

  #note(about: string, text: string): void {
    if (!this.#notes.has(about)) this.#notes.set(about, text)
  }

  /** Of a run in which nothing breaks, read once. */
  #effectsWithout(undisturbed: RunOfCheck): EffectsOfRun {
    const read = this.#effects.get(undisturbed) ?? effectsOfRun(undisturbed.run.history, this.#service)
    this.#effects.set(undisturbed, read)
    return read
  }

  /** Something is declared to be an effect, and nothing ever was one. */
  #nothingApplied({ run, places }: RunOfCheck): readonly JudgedRow[] {
    const names = [...this.#tables.keys()]
    const meant = new Set(names.flatMap((name) => [name, placeOfTable(name)]))
    const there = places().filter(({ name, items }) => items.length > 0 && meant.has(name))
    const [first] = there.map(({ name, items }) => `${name} has ${shortText(items[0])}`)
    const reason =
      `nothing was an effect, not even without faults: \`effects\` speaks of ${names.join(', ')}, and gave no operation for any of it` +
      (first === undefined ? '' : `; ${first}`)
    return withOpen(run, this.#rowsOfEffects(run), reason)
  }

  #rowsOfEffects({ rows }: Run): readonly JudgedRow[] {
    return rows.filter((row) => row.service === this.#service && isEffect(row))
  }

  /** That a message comes twice is no failure of its handler, and that it comes at all shows little: unless the level is asked for. */
  #saysLittle(row: JudgedRow): boolean {
    if (row.service !== this.#service || !isDelivery(row)) return false
    if (this.#check.guarantees.some((asked) => namesLevel(row, asked))) return false
    return row.guarantee !== 'no-loss' || row.verdict !== 'violated'
  }
}

/** The rows of the run, of which it cannot be said whether these hold. */
function withOpen({ rows }: Run, these: readonly JudgedRow[], reason: string): readonly JudgedRow[] {
  return rows.map((row) => (these.includes(row) ? open(row, reason) : row))
}

function isSame(one: JudgedRow, other: JudgedRow): boolean {
  return one.service === other.service && one.guarantee === other.guarantee && one.level === other.level
}

/** Operations whose messages were all handled, and that have no effect. */
function withoutEffect({ effects, handled }: EffectsOfRun): readonly string[] {
  return [...handled].filter((operation) => (effects.get(operation)?.size ?? 0) === 0)
}

/** Another version of the code may have other effects: then only what is ignored is known. */
function owedBy(
  undisturbed: EffectsOfRun,
  ignored: ReadonlySet<string>,
  isWhole: boolean,
): Readonly<Record<string, readonly string[]>> {
  const nothing = [...ignored].map((operation) => [operation, []] as const)
  const applied = [...undisturbed.effects].flatMap(([operation, effects]) =>
    isWhole && effects.size > 0 ? [[operation, [...effects]] as const] : [],
  )
  return Object.fromEntries([...nothing, ...applied])
}
