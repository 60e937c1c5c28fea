import type { FactOf, Name } from '../history/fact.ts'
import { effectApplied, effectUndone, type NeutralFact } from '../history/facts.ts'
import type { Check, CheckContext, CheckFold, CheckRow, Witness } from './check.ts'
import { conclude } from './conclude.ts'
import { isAskedFor, type PlannedService } from './plan.ts'
import { actorAtText, evidenceOf } from './saying.ts'
import { WorstFew } from './worst-few.ts'

/**
 * No state is left in a store that an older version wrote over a newer one. It is judged of services whose effects write states, each of which
 * takes the place of the one before; effects that add up have no last word, and where somebody asks for them the answer is `unknown`.
 */
export const noStaleWrites: Check = {
  name: 'no-stale-writes',
  title: 'no older version of a state is left standing over a newer one',
  scope: 'guarantee',
  begin(context) {
    const { plan, names } = context
    const judged = plan.services.filter(
      ({ name, writes }) =>
        writes === 'state' || isAskedFor(plan, { service: name, guarantee: noStaleWrites.name, level: 'effect' }),
    )
    return new StaleWrites(context, new Map(judged.map((service) => [names.intern(service.name), service])))
  },
}

type Applied = FactOf<typeof effectApplied>
type Write = Pick<Applied, 'message' | 'operation' | 'version' | 'index'>

interface Stale {
  readonly last: Write
  readonly newest: Write
}

class StaleWrites implements CheckFold {
  readonly kinds
  readonly #context: CheckContext
  readonly #services: ReadonlyMap<Name, PlannedService>
  readonly #noStore: Name
  /** The writes that remain to each state, in order, by service and then by store, effect and key. */
  readonly #states = new Map<Name, Map<string, Write[]>>()
  /** The state that a message wrote, by service. */
  readonly #written = new Map<string, Write[]>()

  constructor(context: CheckContext, services: ReadonlyMap<Name, PlannedService>) {
    this.#context = context
    this.#services = services
    this.#noStore = context.names.intern('')
    const writing = [...services.values()].some(({ writes }) => writes === 'state')
    this.kinds = writing ? [effectApplied, effectUndone] : []
  }

  see(fact: NeutralFact): void {
    if (fact.kind !== 'effect-applied' && fact.kind !== 'effect-undone') return
    if (this.#services.get(fact.service)?.writes !== 'state' || fact.store === this.#noStore) return
    const effect = [fact.service, fact.store, fact.effect, fact.operation, fact.message].join()
    if (fact.kind === 'effect-applied') this.#write(fact, effect)
    else this.#undo(fact, effect)
  }

  finish(): readonly CheckRow[] {
    return [...this.#services].map(([name, service]) => this.#judge(name, service))
  }

  #write({ service, store, effect, key, message, operation, version, index }: Applied, identity: string): void {
    const states = this.#states.get(service) ?? new Map<string, Write[]>()
    this.#states.set(service, states)
    const place = [store, effect, key].join()
    const writes = states.get(place) ?? []
    states.set(place, writes)
    writes.push({ message, operation, version, index })
    this.#written.set(identity, writes)
  }

  /** Of several writes of one message the store lost the latest. */
  #undo({ message, operation }: FactOf<typeof effectUndone>, identity: string): void {
    const writes = this.#written.get(identity) ?? []
    const lost = writes.findLastIndex((write) => write.message === message && write.operation === operation)
    if (lost >= 0) writes.splice(lost, 1)
  }

  #judge(name: Name, { name: service, writes }: PlannedService): CheckRow {
    const states = [...(this.#states.get(name)?.values() ?? [])].filter((remaining) => remaining.length > 0)
    const stale = new WorstFew<Stale>()
    for (const state of states) {
      const found = this.#staleness(state)
      if (found !== undefined) stale.add(found.newest.version - found.last.version, found)
    }
    const nothing = writes === 'state' ? `${service} left no state` : `the effects of ${service} write no states`
    return conclude(
      { service, guarantee: noStaleWrites.name, level: 'effect', judged: states.length, counts: {} },
      {
        violations: stale.count,
        witnesses: stale.kept.map((found) => this.#witness(service, found)),
        undecided: states.length === 0 ? nothing : this.#context.end.cutOff,
      },
    )
  }

  /** Versions are compared among what one service sent by one channel: others count for themselves. */
  #staleness(state: readonly Write[]): Stale | undefined {
    const last = state.at(-1)
    if (last === undefined) return undefined
    const { sends } = this.#context
    let newest = last
    for (const write of state) {
      const comparable =
        sends.senderOf(write.message) === sends.senderOf(last.message) &&
        sends.channelOf(write.message) === sends.channelOf(last.message)
      if (comparable && write.version > newest.version) newest = write
    }
    return newest === last ? undefined : { last, newest }
  }

  #witness(service: string, { last, newest }: Stale): Witness {
    const { names, recall } = this.#context
    const wrote = ({ operation, version, index }: Write): string =>
      `${names.text(operation)} (version ${version}) by ${actorAtText(recall(index), names)}`
    return {
      item: names.text(last.operation),
      sentence: `${service} is left with an old state: ${wrote(last)} wrote over ${wrote(newest)}.`,
      evidence: evidenceOf(recall, [newest.index, last.index]),
    }
  }
}
