import type { TracedMessage } from '../../../application/service.ts'
import { memberNames } from '../../../application/service.ts'
import type { Scenario } from '../../../scenario/scenario.ts'
import type { RunOfCheck } from '../run-scenario.ts'
import type { Fickle } from './compare-places.ts'
import { fickleParts } from './compare-places.ts'

/** The runs in which nothing breaks: one for each choice of messages, made when it is asked for. */
export class UndisturbedRuns {
  readonly #whole: Scenario
  readonly #make: (scenario: Scenario) => Promise<RunOfCheck>
  readonly #made = new Map<string, Promise<RunOfCheck>>()
  readonly #numbers = new Map<TracedMessage, number>()
  #slower: Promise<RunOfCheck> | undefined
  #fickle: Promise<Fickle> | undefined

  constructor(whole: Scenario, make: (scenario: Scenario) => Promise<RunOfCheck>) {
    this.#whole = whole
    this.#make = make
  }

  /** A run that was made anyway. */
  offer(made: RunOfCheck): void {
    const { scenario } = made.run
    if (scenario.faults.length > 0 || scenario.seed !== this.#whole.seed) return
    const key = this.#keyOf(scenario)
    if (!this.#made.has(key)) this.#made.set(key, Promise.resolve(made))
  }

  /** With all messages of the check. */
  whole(): Promise<RunOfCheck> {
    return this.of(this.#whole)
  }

  /** With the messages of this scenario. */
  of(scenario: Scenario): Promise<RunOfCheck> {
    const key = this.#keyOf(scenario)
    const made = this.#made.get(key) ?? this.#make({ ...scenario, faults: [], seed: this.#whole.seed })
    this.#made.set(key, made)
    return made
  }

  /** With all messages, with another seed, and with more time between them. */
  slower(): Promise<RunOfCheck> {
    this.#slower ??= this.#make({ ...slower(this.#whole), seed: `${this.#whole.seed}/other` })
    return this.#slower
  }

  /** What differs between two runs in which nothing breaks. */
  fickle(): Promise<Fickle> {
    this.#fickle ??= this.#compared()
    return this.#fickle
  }

  async #compared(): Promise<Fickle> {
    const [one, other] = [await this.whole(), await this.slower()]
    return fickleParts(one.places(), other.places(), new Set(this.#whole.services.flatMap(memberNames)))
  }

  /** Messages are told apart by identity; a message of a kept case is another one, although it may look the same. */
  #keyOf({ services }: Scenario): string {
    const workloads = services.flatMap(({ sends }) => sends.map(({ workload }) => workload))
    return workloads
      .flatMap((workload) => (workload.kind === 'trace' ? workload.messages : []))
      .map((message) => this.#numberOf(message))
      .join()
  }

  #numberOf(message: TracedMessage): number {
    const number = this.#numbers.get(message) ?? this.#numbers.size
    this.#numbers.set(message, number)
    return number
  }
}

function slower(scenario: Scenario): Scenario {
  const services = scenario.services.map((service) => ({
    ...service,
    sends: service.sends.map((sends) => {
      const { workload } = sends
      if (workload.kind !== 'trace') return sends
      const messages = workload.messages.map((message) => ({ ...message, time: 2 * message.time + 1_234_567 }))
      return { ...sends, workload: { ...workload, messages } }
    }),
  }))
  return { ...scenario, services }
}
