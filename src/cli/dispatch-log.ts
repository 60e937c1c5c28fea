import { Column } from '../history/columns.ts'
import type { Checkpoint } from '../simulation/fingerprint.ts'
import type { World } from '../simulation/world.ts'

/** An event as two runs can be compared by: what was due, and the fingerprint when it was. */
export interface LoggedEvent {
  /** From 0; -1 is the start of the nodes. */
  readonly number: number
  /** Virtual time in µs. */
  readonly time: number
  /** The node or part of the machine that acted. */
  readonly target: string
  readonly code: number
  /** The fingerprint just before the event. */
  readonly before: string
  /** What it recorded, a sentence each. */
  readonly facts: readonly string[]
}

/** What one run did, small enough to compare first. */
export interface LogSummary {
  readonly fingerprint: string
  readonly events: number
  readonly checkpoints: readonly Checkpoint[]
}

/**
 * Every event of a run, 28 bytes each, so that a run which cannot be repeated can still be explained: whoever compares two runs asks each for
 * the same few events.
 */
export class DispatchLog {
  readonly #world: World
  readonly #times = new Column((size) => new Float64Array(size))
  readonly #targets = new Column((size) => new Int32Array(size))
  readonly #codes = new Column((size) => new Int32Array(size))
  readonly #high = new Column((size) => new Uint32Array(size))
  readonly #low = new Column((size) => new Uint32Array(size))
  readonly #facts = new Column((size) => new Uint32Array(size))

  /** Begins to log a world that has not begun. */
  constructor(world: World) {
    this.#world = world
    const { engine, history } = world
    engine.observe(({ time, target, code }) => {
      const digest = engine.fingerprint.digest()
      this.#times.push(time)
      this.#targets.push(target.number)
      this.#codes.push(code)
      this.#high.push(Number.parseInt(digest.slice(0, 8), 16))
      this.#low.push(Number.parseInt(digest.slice(8), 16))
      this.#facts.push(history.length)
    })
  }

  get summary(): LogSummary {
    const { fingerprint } = this.#world.engine
    return { fingerprint: fingerprint.digest(), events: this.#times.length, checkpoints: fingerprint.checkpoints }
  }

  /** The events from `from` (-1 for the start of the nodes, before any event) to before `to`, as many as there are. */
  window(from: number, to: number): readonly LoggedEvent[] {
    const end = Math.min(to, this.#times.length)
    return Array.from({ length: Math.max(0, end - from) }, (_, index) => this.#event(from + index))
  }

  #event(number: number): LoggedEvent {
    const isLast = number + 1 === this.#times.length
    const end = isLast ? this.#world.history.length : this.#facts.at(number + 1)
    if (number < 0) return { ...theStart, facts: this.#sentences(0, end) }
    return {
      number,
      time: this.#times.at(number),
      target: this.#nameOf(this.#targets.at(number)),
      code: this.#codes.at(number),
      before: hexadecimal(this.#high.at(number)) + hexadecimal(this.#low.at(number)),
      facts: this.#sentences(this.#facts.at(number), end),
    }
  }

  #sentences(from: number, to: number): readonly string[] {
    const { history } = this.#world
    if (!history.kept) return []
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => sentenceOf(this.#world, from + index))
  }

  #nameOf(number: number): string {
    return this.#world.nodes[number]?.name ?? partsOfTheMachine.get(number) ?? `part ${number}`
  }
}

/** What happens before any event. */
const theStart = { number: -1, time: 0, target: 'the start of the nodes', code: 0, before: '' } as const

/** Targets of events that are no nodes. */
const partsOfTheMachine: ReadonlyMap<number, string> = new Map([
  [-1, 'the fault schedule'],
  [-2, 'the look whether the run is over'],
  [-3, 'a fault after its step'],
])

/** Kind and values: two facts of one phrase may differ in a value that the phrase does not say. */
function sentenceOf({ history }: World, index: number): string {
  const { kind, node, time: _time, index: _index, cause: _cause, waitedFor: _waitedFor, ...values } = history.at(index)
  const fields = history.kindOf(kind)?.fields ?? {}
  const said = Object.entries(values).map(([name, value]) => {
    const isName = fields[name] === 'name' && typeof value === 'number'
    return `${name} ${isName ? history.names.text(value) : String(value)}`
  })
  return `${kind} on ${history.names.text(node)}: ${said.join(', ')}`
}

function hexadecimal(lane: number): string {
  return lane.toString(16).padStart(8, '0')
}
