/** What a step asked for that others can see. It leaves when the step is over, unless a crash cuts it off. */
export interface Outgoing {
  leave(): void
}

/** A fault that strikes when a step has let `afterSends` of its outgoing messages go. */
export interface CutStrike {
  readonly afterSends: number
  strike(): void
}

/** What a fault has made of the process in the middle of a step: it goes on, is frozen, or is no more. */
export type Fate = 'running' | 'paused' | 'dead'

/** What the running step of a process sends, and the faults that cut into it. */
export class Outbox {
  #outgoing: Outgoing[] = []
  /** An empty list for the next step, so that not each of them makes one. */
  #spare: Outgoing[] | undefined
  #strikes: CutStrike[] = []

  get empty(): boolean {
    return this.#outgoing.length === 0 && this.#strikes.length === 0
  }

  add(outgoing: Outgoing): void {
    this.#outgoing.push(outgoing)
  }

  /** Strikes of the same place come in the order of adding. */
  addStrike(strike: CutStrike): void {
    this.#strikes.push(strike)
    this.#strikes.sort((a, b) => a.afterSends - b.afterSends)
  }

  clear(): void {
    this.#outgoing.length = 0
    this.#strikes.length = 0
  }

  /** Lets everything go in order, and faults strike in between. Where one freezes the process, what is left comes back, for later. */
  letOut(fate: () => Fate): Outbox | undefined {
    if (this.#strikes.length > 0) return this.#letOutUnderFire(fate)
    const outgoing = this.#outgoing
    this.#outgoing = this.#spare ?? []
    this.#spare = undefined
    for (const each of outgoing) {
      each.leave()
      if (fate() === 'dead') return undefined
    }
    // Setting the length of a short list to 0 takes longer.
    while (outgoing.length > 0) outgoing.pop()
    this.#spare = outgoing
    return undefined
  }

  #letOutUnderFire(fate: () => Fate): Outbox | undefined {
    const outgoing = this.#outgoing.splice(0)
    const strikes = this.#strikes.splice(0)
    let left = 0
    for (const [place, strike] of strikes.entries()) {
      for (; left < Math.min(strike.afterSends, outgoing.length) && fate() !== 'dead'; left++) outgoing[left]?.leave()
      strike.strike()
      const become = fate()
      if (become === 'dead') return undefined
      if (become === 'paused') return remainder(outgoing.slice(left), strikes.slice(place + 1), left)
    }
    for (; left < outgoing.length && fate() !== 'dead'; left++) outgoing[left]?.leave()
    return undefined
  }
}

function remainder(outgoing: readonly Outgoing[], strikes: readonly CutStrike[], sent: number): Outbox {
  const rest = new Outbox()
  for (const each of outgoing) rest.add(each)
  for (const strike of strikes) {
    rest.addStrike({ afterSends: strike.afterSends - sent, strike: () => strike.strike() })
  }
  return rest
}
