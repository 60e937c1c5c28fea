import { acknowledged, delivered, handled, handlingFailed } from '../../history/facts.ts'
import type { Name } from '../../history/fact.ts'
import { momentText } from '../../report/quantities.ts'
import type { JudgedRow, Run } from '../../run.ts'
import type { Micros } from '../../simulation/duration.ts'
import { second } from '../../simulation/duration.ts'
import type { World } from '../../simulation/world.ts'
import { framesOf, userLine } from '../bridge/user-line.ts'
import { thrownText } from '../wrong-check.ts'

/** Asked of every check: what fails for ever blocks or burns whatever is behind it. */
export const noEndlessRetry = 'no message is tried for ever'

/** So many deliveries in so much time, when all faults are over, are enough to say so; and so many in any time. */
const fewest = 20
const longEnough: Micros = 60 * second
const most = 3000
/** Where no fault is in the schedule nothing is to be waited for. */
const mostWithoutFaults = 100

/** A message that is delivered again and again, and never handled to its end; or handled, and never acknowledged. */
interface Endless {
  readonly message: Name
  readonly isHandled: boolean
  readonly times: number
  readonly since: Micros
}

interface Tries {
  times: number
  since: Micros
  /** Whether the handling of it came to its end, and nobody acknowledged it. */
  isHandled: boolean
}

/** Ends a run as soon as a message is tried for ever: it would go on to its bound, and show nothing more. */
export class EndlessRetry {
  readonly #service: string
  readonly #tries = new Map<Name, Tries>()
  readonly #errors = new Map<Name, Name>()
  #countedFrom: Micros = -1
  #found: Endless | undefined

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
      if (this.#isEndless(message, engine.now, hasFaults)) this.#end(world, message)
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
    const head = {
      service: this.#service,
      guarantee: noEndlessRetry,
      level: 'run',
      judged: 1,
      counts: {},
      expected: undefined,
    } as const
    const endless = this.#found
    if (endless === undefined) return { ...head, verdict: 'holds', violations: 0, witnesses: [], met: true }
    const { message, times, since, isHandled } = endless
    const never = isHandled ? 'handled to its end, and never acknowledged' : 'never handled to its end'
    const text = history.names.text(message)
    const error = this.#errors.get(message)
    const last = isHandled
      ? undefined
      : error === undefined
        ? uncaught.at(-1)
        : lastError(history.names.text(error), thrown.get(text))
    const sentence =
      `${text} was tried again and again: ${times} times since ${momentText(since)}, when no fault was left, and ${never}` +
      `${last === undefined ? '' : `; the last error: ${last}`}.`
    const facts = [...history].filter((fact) => fact['message'] === message && about.has(fact.kind))
    const witness = { item: text, sentence, evidence: [...facts.slice(0, 2), ...facts.slice(-2)] }
    return { ...head, verdict: 'violated', violations: 1, witnesses: [witness], met: false }
  }

  #isEndless(message: Name, now: Micros, hasFaults: boolean): boolean {
    const tries = this.#tries.get(message) ?? { times: 0, since: now, isHandled: false }
    this.#tries.set(message, tries)
    tries.times++
    const limit = hasFaults ? most : mostWithoutFaults
    const isLong = tries.times >= fewest && now - tries.since >= longEnough
    return tries.times >= limit || (isLong && !tries.isHandled)
  }

  /** What is acknowledged does not come again; what was only handled may, for ever. */
  #settle(message: Name, isAcknowledged: boolean): void {
    const tries = this.#tries.get(message)
    if (tries !== undefined) tries.isHandled = true
    if (isAcknowledged) this.#tries.delete(message)
  }

  #end(world: World, message: Name): void {
    if (this.#found !== undefined) return
    const { times, since, isHandled } = this.#tries.get(message) ?? { times: 0, since: 0, isHandled: false }
    this.#found = { message, times, since, isHandled }
    const waitingFor = `${world.history.names.text(message)}, which is tried again and again`
    world.afterEvent(() => world.end('stuck', waitingFor))
  }
}

/** What was told of the error; its kind and line too, where it is the one that the code threw. */
function lastError(told: string, thrown: unknown): string {
  if (!(thrown instanceof Error) || !told.includes(thrown.message)) return told
  const line = userLine(framesOf(thrown.stack))
  return `${thrownText(thrown)}${line === undefined ? '' : `, at ${line}`}`
}

const about: ReadonlySet<string> = new Set([delivered.name, handlingFailed.name])
