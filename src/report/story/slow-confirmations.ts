import type { AnyFact, Name } from '../../history/fact.ts'
import { answered, faultEnded, faultStruck, submitted } from '../../history/facts.ts'
import type { History } from '../../history/history.ts'

/** So many times as long as usual a confirmation took that a fault held up. */
const longer = 5

/** So many confirmations say what is usual. */
const mostNoted = 100

/** Sees who was told that a message is safe only long after he sent it, since a fault held meanwhile. */
export class SlowConfirmations {
  readonly #history: History
  /** How long each service waits on the whole, µs. */
  readonly #onTheWhole: ReadonlyMap<string, number | undefined>
  /** How long each waited before anything had struck, µs. */
  readonly #before = new Map<string, number[]>()
  readonly #usually = new Map<string, number>()
  readonly #waiting = new Map<Name, { readonly sent: AnyFact; readonly struckBefore: number }>()
  readonly #holding = new Set<number>()
  #struck = 0

  constructor(history: History, onTheWhole: ReadonlyMap<string, number | undefined>) {
    this.#history = history
    this.#onTheWhole = onTheWhole
  }

  /** The sending of what this fact confirms, where a fault held it up. */
  see(fact: AnyFact): AnyFact | undefined {
    switch (fact.kind) {
      case faultStruck.name:
        this.#struck++
        this.#holding.add(Number(fact['fault']))
        return undefined
      case faultEnded.name:
        this.#holding.delete(Number(fact['fault']))
        return undefined
      case submitted.name:
        this.#waiting.set(Number(fact['message']), {
          sent: fact,
          struckBefore: this.#holding.size > 0 ? -1 : this.#struck,
        })
        return undefined
      case answered.name:
        return this.#answer(fact)
      default:
        return undefined
    }
  }

  #answer(fact: AnyFact): AnyFact | undefined {
    const waiting = this.#waiting.get(Number(fact['message']))
    if (waiting === undefined || this.#text(fact, 'outcome') !== 'confirmed') return undefined
    const took = fact.time - waiting.sent.time
    const service = this.#text(fact, 'service')
    if (this.#struck === 0) this.#note(service, took)
    return waiting.struckBefore !== this.#struck && took > longer * this.#usual(service) ? waiting.sent : undefined
  }

  #note(service: string, took: number): void {
    const before = this.#before.get(service)
    if (before === undefined) this.#before.set(service, [took])
    else if (before.length < mostNoted) before.push(took)
  }

  /** Asked only once something has struck: what is usual is known then, and does not change. */
  #usual(service: string): number {
    const known = this.#usually.get(service)
    if (known !== undefined) return known
    const before = (this.#before.get(service) ?? []).toSorted((one, other) => one - other)
    const usual = before[Math.floor(before.length / 2)] ?? this.#onTheWhole.get(service) ?? 0
    this.#usually.set(service, usual)
    return usual
  }

  #text(fact: AnyFact, field: string): string {
    return this.#history.names.text(Number(fact[field]))
  }
}
