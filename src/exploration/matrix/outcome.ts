import * as facts from '../../history/facts.ts'
import type { Name } from '../../history/fact.ts'
import type { NeutralFact } from '../../history/facts.ts'
import { follow } from '../../history/fold.ts'
import { simulate } from '../../pipeline/simulate.ts'
import type { Scenario } from '../../scenario/scenario.ts'

/**
 * What became of the effects of a run. `blocked`: somebody was turned away again and again, or the run did not come to an end by itself; what
 * is broken as well is called by that.
 */
export type Outcome = 'safe' | 'duplicate' | 'lost' | 'stale' | 'blocked'

/** What a run did, as far as the matrix wants to know. */
export interface Observed {
  readonly outcome: Outcome
  /** Operations that the first delivery of the first message began, in their order. */
  readonly operations: readonly Operation[]
  /** How many operations of that delivery had been answered when its effect was there; `undefined` where it never was. */
  readonly effectAfter: number | undefined
  /** Whether that effect was there when a node first crashed. */
  readonly effectBeforeCrash: boolean
  /** How many consumers were handed the first message. */
  readonly consumers: number
  /** Whether every fault struck. */
  readonly struck: boolean
}

export interface Operation {
  readonly step: number
  readonly name: string
}

/** Failed attempts from which on a message counts as having been blocked. */
const manyFailures = 3

/** Runs a scenario in which every message is one operation on one account, and judges its effects. */
export function observe(scenario: Scenario, writes: 'delta' | 'state'): Observed {
  const watch = new EffectWatch()
  const { ending, faultStates } = simulate(scenario, {
    keepHistory: false,
    watch: ({ world }) => {
      watch.nameOf = (name) => world.history.names.text(name)
      follow(world.history, [watch])
    },
  })
  const struck = faultStates.every((state) => state !== 'missed')
  return { ...watch.observed(), outcome: watch.outcome(writes, ending === 'settled'), struck }
}

interface AppliedEffect {
  readonly operation: string
  readonly message: string
  readonly key: string
  readonly version: number
}

class EffectWatch {
  readonly kinds = [
    facts.submitted,
    facts.delivered,
    facts.operationBegan,
    facts.operationAnswered,
    facts.effectApplied,
    facts.effectUndone,
    facts.handlingFailed,
    facts.nodeCrashed,
  ]
  nameOf: (name: Name) => string = String
  readonly #sent = new Map<string, number>()
  /** Effects that are there, in the order in which they came. */
  #effects: AppliedEffect[] = []
  readonly #operations: Operation[] = []
  #answered = 0
  #effectAfter: number | undefined
  #effectBeforeCrash = false
  #crashed = false
  #failures = 0
  readonly #consumers = new Set<Name>()

  see(fact: NeutralFact): void {
    switch (fact.kind) {
      case 'submitted':
        this.#sent.set(
          this.nameOf(fact.operation),
          Math.max(fact.version, this.#sent.get(this.nameOf(fact.operation)) ?? 0),
        )
        break
      case 'delivered':
        if (this.nameOf(fact.message) === 'order-0') this.#consumers.add(fact.node)
        break
      case 'operation-began':
        if (this.#isFirst(fact)) this.#operations.push({ step: fact.step, name: this.nameOf(fact.operation) })
        break
      case 'operation-answered':
        if (this.#isFirst(fact)) this.#answered = fact.step
        break
      case 'effect-applied':
        this.#applied(
          {
            operation: this.nameOf(fact.operation),
            message: this.nameOf(fact.message),
            key: this.nameOf(fact.key),
            version: fact.version,
          },
          this.#isFirst(fact),
        )
        break
      case 'effect-undone':
        this.#undone(this.nameOf(fact.message))
        break
      case 'node-crashed':
        this.#crashed = true
        break
      case 'handling-failed':
        this.#failures++
    }
  }

  observed(): Omit<Observed, 'outcome' | 'struck'> {
    return {
      operations: this.#operations,
      effectAfter: this.#effectAfter,
      effectBeforeCrash: this.#effectBeforeCrash,
      consumers: this.#consumers.size,
    }
  }

  outcome(writes: 'delta' | 'state', settled: boolean): Outcome {
    const operations = [...this.#sent.keys()]
    if (settled && this.#isLost(operations, writes)) return 'lost'
    if (operations.some((operation) => this.#timesOf(operation, writes) > 1)) return 'duplicate'
    const newest = Math.max(0, ...this.#effects.map(({ version }) => version))
    if (writes === 'state' && (this.#effects.at(-1)?.version ?? 0) < newest) return 'stale'
    return settled && this.#failures < manyFailures ? 'safe' : 'blocked'
  }

  /** How often an operation has had its effect: the same state of the same thing counts once. */
  #timesOf(operation: string, writes: 'delta' | 'state'): number {
    const effects = this.#effects.filter((effect) => effect.operation === operation)
    return writes === 'delta' ? effects.length : new Set(effects.map(({ key }) => key)).size
  }

  /** State that a newer one replaced is not missed. */
  #isLost(operations: readonly string[], writes: 'delta' | 'state'): boolean {
    if (writes === 'delta') return operations.some((operation) => this.#timesOf(operation, writes) === 0)
    const newestSent = Math.max(...this.#sent.values())
    return !this.#effects.some(({ version }) => version === newestSent)
  }

  #isFirst({ message, attempt }: { readonly message: Name; readonly attempt: number }): boolean {
    return attempt === 1 && this.nameOf(message) === 'order-0'
  }

  #applied(effect: AppliedEffect, first: boolean): void {
    this.#effects.push(effect)
    if (!first) return
    this.#effectAfter ??= this.#answered
    if (!this.#crashed) this.#effectBeforeCrash = true
  }

  #undone(message: string): void {
    const place = this.#effects.findLastIndex((effect) => effect.message === message)
    this.#effects = this.#effects.filter((_, index) => index !== place)
  }
}
