import { acknowledged, delivered, handled, handlingFailed } from '../../history/facts.ts'
import type { Name } from '../../history/fact.ts'
import { momentText } from '../../report/quantities.ts'
import type { JudgedRow, Run } from '../../run.ts'
import type { Micros } from '../../simulation/duration.ts'
import { second } from '../../simulation/duration.ts'
import type { World } from '../../simulation/world.ts'
import { framesOf, userLine } from '../bridge/user-line.ts'
import { thrownText } from '../wrong-check.ts'
import { runRow } from './run-row.ts'

/** Asked of every check: what fails for ever blocks or burns whatever is behind it. */
export const noEndlessRetry = 'no message is tried for ever'

/** So many deliveries in so much time, when all faults are over, are enough to say so; and so many in any time. */
const fewest = 20
const longEnough: Micros = 60 * second
const most = 3000
/** Where no fault is in the schedule nothing is to be waited for. */
const mostWithoutFaults = 100

/** How often a message was delivered. */
interface Tries {
  readonly message: Name
  readonly since: Micros
  times: number
  /** How far it ever came: the handling of it to its end, or even to an acknowledgement, which the broker may have refused. */
  cameTo: 'nothing' | 'its end' | 'its acknowledgement'
}

/** Ends a run as soon as a message is tried for ever: it would go on to its bound, and show nothing more. */
export class EndlessRetry {
  readonly #service: string
  readonly #tries = new Map<Name, Tries>()
  readonly #errors = new Map<Name, Name>()
  #countedFrom: Micros = -1
  /** What is delivered again and again, and never handled to its end; or handled, and never acknowledged, or not with success. */
  #endless: Tries | undefined

  constructor(service: string) {
    this.#service = service
  }

  watch(world: World): void {
    const { history, schedule, engine } = world
    const service = history.names.intern(this.#service)
    const hasFaults = schedule.unfinished
    world.listen(delivered.name, ({ message, service: to }) => {
      if (to !== service || typeof message !== 'number' || schedule.unfinished) return
      if (schedule.lastChange !== this.#countedFrom) {
        this.#tries.clear()
        this.#countedFrom = schedule.lastChange
      }
      const tries = this.#tried(message, engine.now)
      if (isEndless(tries, engine.now, hasFaults)) this.#end(world, tries)
    })
    for (const { name } of [handled, acknowledged])
      world.listen(name, ({ message, service: by }) => {
        if (by === service && typeof message === 'number') this.#settle(message, name === acknowledged.name)
      })
    world.listen(handlingFailed.name, ({ message, reason }) => {
      if (typeof message === 'number' && typeof reason === 'number') this.#errors.set(message, reason)
    })
  }

  /** What is said of it in the run. `uncaught` are errors that ended the process, `thrown` what the handling of each message threw last. */
  row({ history }: Run, uncaught: readonly string[], thrown: ReadonlyMap<string, unknown>): JudgedRow {
    if (this.#endless === undefined) return runRow(this.#service, noEndlessRetry, undefined)
    const { message, times, since, cameTo } = this.#endless
    const text = history.names.text(message)
    const error = this.#errors.get(message)
    const last =
      cameTo !== 'nothing'
        ? undefined
        : error === undefined
          ? uncaught.at(-1)
          : lastError(history.names.text(error), thrown.get(text))
    const sentence =
      `${text} was tried again and again: ${times} times since ${momentText(since)}, when no fault was left, and ${howFar[cameTo]}` +
      `${last === undefined ? '' : `; the last error: ${last}`}.`
    const facts = [...history].filter((fact) => fact['message'] === message && about.has(fact.kind))
    const evidence = [...facts.slice(0, 2), ...facts.slice(-2)]
    return runRow(this.#service, noEndlessRetry, { item: text, sentence, evidence })
  }

  #tried(message: Name, now: Micros): Tries {
    const tries = this.#tries.get(message) ?? { message, since: now, times: 0, cameTo: 'nothing' }
    this.#tries.set(message, tries)
    tries.times++
    return tries
  }

  #settle(message: Name, isAcknowledged: boolean): void {
    const tries = this.#tries.get(message)
    if (tries === undefined) return
    if (isAcknowledged) tries.cameTo = 'its acknowledgement'
    else if (tries.cameTo === 'nothing') tries.cameTo = 'its end'
  }

  #end(world: World, tries: Tries): void {
    if (this.#endless !== undefined) return
    this.#endless = { ...tries }
    const waitingFor = `${world.history.names.text(tries.message)}, which is tried again and again`
    world.afterEvent(() => world.end('stuck', waitingFor))
  }
}

const howFar: Readonly<Record<Tries['cameTo'], string>> = {
  nothing: 'never handled to its end',
  'its end': 'handled to its end, and never acknowledged',
  'its acknowledgement': 'acknowledged, which the broker did not take',
}

function isEndless({ times, since, cameTo }: Tries, now: Micros, hasFaults: boolean): boolean {
  const isLong = times >= fewest && now - since >= longEnough
  return times >= (hasFaults ? most : mostWithoutFaults) || (isLong && cameTo === 'nothing')
}

/** What was told of the error; its kind and line too, where it is the one that the code threw. */
function lastError(told: string, thrown: unknown): string {
  if (!(thrown instanceof Error) || !told.includes(thrown.message)) return told
  const line = userLine(framesOf(thrown.stack))
  return `${thrownText(thrown)}${line === undefined ? '' : `, at ${line}`}`
}

const about: ReadonlySet<string> = new Set([delivered.name, handlingFailed.name])
