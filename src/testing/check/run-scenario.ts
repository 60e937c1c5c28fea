import { delivered } from '../../history/facts.ts'
import type { Plan } from '../../checks/plan.ts'
import type { FactKind } from '../../history/fact.ts'
import type { JudgedRow, Run } from '../../run.ts'
import { withRows } from '../../run.ts'
import { planOf } from '../../pipeline/plan.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { System } from '../../systems/system.ts'
import type { Inside, OriginOf } from '../bridge/inside.ts'
import type { Problem, ProblemKind } from '../bridge/problem.ts'
import { problemText } from '../bridge/problem.ts'
import type { RunOfUserCode } from '../bridge/user-run.ts'
import { runUserCode } from '../bridge/user-run.ts'
import type { PreparedStores } from '../dependencies/dependencies.ts'
import { Dependencies, noCache, noDatabase } from '../dependencies/dependencies.ts'
import type { Place } from '../dependencies/store-trace.ts'
import { WrongCheck } from '../wrong-check.ts'
import { BackgroundWork } from './background-work.ts'
import type { ConsumerFactory, FinalState } from './check.ts'
import { EndlessRetry } from './endless-retry.ts'
import { HotLoop } from './hot-loop.ts'
import type { Invariant } from './invariants.ts'
import { invariantRows } from './invariants.ts'
import { NeverAcknowledged } from './never-acknowledged.ts'
import { originOfSent, originsIn } from './origin-of-sent.ts'
import { prepareVersions } from './prepare-versions.ts'
import type { JudgedServices } from './judged-rows.ts'
import { judgedRows } from './judged-rows.ts'
import type { Sent } from './reader.ts'
import { reader } from './reader.ts'
import { runRow } from './run-row.ts'
import type { CheckScenario } from './check-scenario.ts'
import type { OutputOfCheck } from './sends-of-check.ts'
import { readerOf } from './sends-of-check.ts'

/** What the runs of one check have in common. */
export interface Runner {
  readonly of: CheckScenario
  readonly versions: readonly ConsumerFactory[]
  readonly stores: PreparedStores
  readonly sends: readonly OutputOfCheck[]
  /** Of whom what is judged. */
  readonly judged: JudgedServices
  readonly invariants: readonly (readonly [string, Invariant])[]
  /** Whether the lines are noted at which operations of the code begin. */
  readonly places: { noted: boolean }
}

/** A handler that waits for ever holds its message for ever: this is asked of every check. */
export const everyHandlerEnds = 'every handler ends'

/** Something to be told of the code: a sentence. Of several about the same, one is enough. */
interface Remark {
  readonly about: string
  readonly text: string
}

/** A run, and what the code did in it that is no failure by itself. */
export interface RunOfCheck {
  readonly run: Run
  readonly remarks: readonly Remark[]
  /** What was intended, for whoever judges the run again with more knowledge. */
  plan(): Plan
  /** What the stores hold in the end. */
  places(): readonly Place[]
}

/**
 * One run of the code under test. What an invariant says of its end stands among the guarantees, so that whatever works with these
 * (shrinking, telling) works with it as well; and so does what a handler never came to.
 */
export async function runScenario(
  runner: Runner,
  scenario: Scenario,
  listenTo: readonly FactKind[] = [],
): Promise<RunOfCheck> {
  const { of, judged, invariants } = runner
  const { run, problems, thrown, dependencies, systems, sent, retries, hot, open } = await runWithPlaces(
    runner,
    scenario,
    listenTo,
  )
  const [unsupported] = dependencies.unsupported
  if (unsupported !== undefined) throw unsupported
  const plan = (): Plan => planOf(scenario, systems)
  const places = (): readonly Place[] => dependencies.places()
  if (hot.remark !== undefined)
    return { run: withRows(run, []), remarks: [{ about: 'hot', text: hot.remark }], plan, places }
  const rows =
    invariants.length === 0
      ? []
      : await invariantRows(invariants, of.service, run, finalState(of, dependencies, sent), scenario === of.scenario)
  const stuck = problems.filter(({ kind }) => kind === 'never-settled')
  const others = problems.filter(({ kind }) => kind !== 'never-settled')
  const uncaught = others.filter(({ kind }) => kind === 'uncaught').map(problemText)
  const endless = retries.row(run, uncaught, thrown)
  return {
    run: withRows(run, [...judgedRows(run.rows, judged), ...rows, endsRow(run, of.service, stuck), endless]),
    remarks: [
      ...others.map((problem) => ({ about: aboutOf(problem), text: problemText(problem) })),
      ...(open.remark === undefined ? [] : [{ about: 'never acknowledged', text: open.remark }]),
    ],
    plan,
    places,
  }
}

/** The same line, or the same words of whichever process. */
function aboutOf({ kind, message, line, node }: Problem): string {
  if (kind === 'kept') return `kept ${line ?? ''}`
  return `${kind} ${line ?? ''} ${message.replaceAll(node, '')}`
}

/** Who would have to be told a line, when the lines of operations are not noted. */
const needsPlace: ReadonlySet<ProblemKind> = new Set(['left-behind', 'never-settled'])

/** Lines of operations cost much and are seldom asked for: they are noted from the first run on that has to tell one, which is made again. */
async function runWithPlaces(runner: Runner, scenario: Scenario, listenTo: readonly FactKind[]): Promise<RunMade> {
  const { places } = runner
  const made = await runNoting(runner, scenario, listenTo)
  if (places.noted || !made.problems.some(({ kind }) => needsPlace.has(kind))) return made
  places.noted = true
  const again = await runNoting(runner, scenario, listenTo)
  // Where something outlives a run the two differ, and only the first can show it.
  return again.run.fingerprint === made.run.fingerprint ? again : made
}

type RunMade = RunOfUserCode & {
  readonly dependencies: Dependencies
  readonly systems: ReadonlyMap<string, System>
  readonly sent: Sent
  readonly retries: EndlessRetry
  readonly hot: HotLoop
  readonly open: NeverAcknowledged
}

async function runNoting(
  { of, versions, stores, sends, places }: Runner,
  scenario: Scenario,
  listenTo: readonly FactKind[],
): Promise<RunMade> {
  const dependencies = new Dependencies(stores)
  const sent: Sent = Object.fromEntries(sends.map(({ name }) => [name, []]))
  const readers = sends.map((output) => [readerOf(output), reader(output, sent)] as const)
  const retries = new EndlessRetry(of.service)
  const hot = new HotLoop(of.service)
  const open = new NeverAcknowledged(of.service)
  const background = new BackgroundWork(Object.keys(scenario.stores))
  const origins = originsIn(scenario)
  const originIn = (inside: Inside): OriginOf => originOfSent(inside, sends, origins)
  let systems: ReadonlyMap<string, System> = new Map()
  const made = await runUserCode(
    scenario,
    { [of.service]: prepareVersions(versions, dependencies, background, originIn), ...Object.fromEntries(readers) },
    {
      notesPlaces: places.noted,
      watch: ({ world, systems: built }) => {
        systems = built
        retries.watch(world)
        hot.watch(world)
        open.watch(world)
        background.watch(world)
        for (const { name } of listenTo) world.listen(name, () => {})
      },
    },
  )
  return { ...made, dependencies, systems, sent, retries, hot, open }
}

/** What is left when everything has settled. Asking for a store where there is none is a mistake of the invariant, which is told so. */
function finalState({ messages }: CheckScenario, dependencies: Dependencies, sent: Sent): FinalState {
  const { databases: dbs, caches, apis } = dependencies.finalState()
  return {
    messages,
    dbs,
    caches,
    apis,
    sent,
    get db() {
      return firstIn(dbs, noDatabase)
    },
    get cache() {
      return firstIn(caches, noCache)
    },
  }
}

function firstIn<T>(stores: Readonly<Record<string, T>>, missing: string): T {
  const [first] = Object.values(stores)
  if (first === undefined) throw new WrongCheck(missing)
  return first
}

function endsRow({ history }: Run, service: string, stuck: readonly Problem[]): JudgedRow {
  const [first] = stuck
  if (first === undefined) return runRow(service, everyHandlerEnds, undefined)
  const { handling } = first
  const evidence = [...history].filter(
    ({ kind, message }) => kind === delivered.name && history.names.text(Number(message)) === handling?.message,
  )
  const witness = { item: handling?.message ?? first.node, evidence, sentence: problemText(first) }
  return runRow(service, everyHandlerEnds, witness, stuck.length)
}
