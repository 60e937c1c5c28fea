import type { AnyFact, FactKind, FactOf, Name } from '../history/fact.ts'
import {
  copyEnded,
  copyStored,
  delivered,
  effectApplied,
  effectSkipped,
  effectUndone,
  type NeutralFact,
} from '../history/facts.ts'
import type { Fold } from '../history/fold.ts'
import type { Names } from '../history/names.ts'
import { PairView } from './pair-view.ts'
import { pairText, type EndToEnd, type Level, type Plan, type PlannedService } from './plan.ts'
import type { Sends } from './sends.ts'
import type { OwedEffects } from './service-view.ts'
import { ServiceView } from './service-view.ts'
import type { Sighting, View, Viewer } from './view.ts'

/** Reasons to leave an effect out that are a decision about the operation, and not a guess that it was already done. */
const finalSkips: readonly string[] = ['superseded', 'declined']

/** Everything that services and stores saw: a {@link View} for each service and pair of the plan, at each level that makes sense for it. */
export class Sightings implements Fold {
  readonly kinds: readonly FactKind[]
  /** In the order of the plan: services, then pairs; deliveries before effects. */
  readonly views: readonly View[]
  readonly #names: Names
  readonly #sends: Sends
  readonly #recall: (index: number) => AnyFact
  readonly #byReceiver: { readonly delivery: ReadonlyMap<Name, View[]>; readonly effect: ReadonlyMap<Name, View[]> }
  readonly #byPlace: ReadonlyMap<Name, readonly View[]>
  readonly #finalSkips: ReadonlySet<Name>

  /** `recall` gives a fact that was seen before by its index. */
  constructor(plan: Plan, names: Names, sends: Sends, recall: (index: number) => AnyFact) {
    this.#names = names
    this.#sends = sends
    this.#recall = recall
    this.views = [...plan.services.flatMap((service) => this.#viewsOf(service.name, plan)), ...this.#pairViews(plan)]
    this.#byReceiver = { delivery: this.#receivers('delivery'), effect: this.#receivers('effect') }
    this.#byPlace = this.#parkingPlaces(plan)
    this.#finalSkips = new Set(finalSkips.map((reason) => names.intern(reason)))
    const parking = this.#byPlace.size > 0 ? [copyStored, copyEnded] : []
    this.kinds = [delivered, effectApplied, effectSkipped, effectUndone, ...parking]
  }

  see(fact: NeutralFact): void {
    switch (fact.kind) {
      case 'delivered': {
        const { service, message, index } = fact
        const operation = this.#sends.wasSubmitted(message) ? this.#sends.operationOf(message) : undefined
        return this.#show('delivery', service, { message, operation, effect: 0, index })
      }
      case 'effect-applied': {
        const { service, message, operation, effect, index } = fact
        return this.#show('effect', service, { message, operation, effect, index })
      }
      case 'effect-undone':
        for (const view of this.#byReceiver.effect.get(fact.service) ?? [])
          view.undo(fact, (index) => isSameEffect(this.#recall(index), fact))
        return
      case 'effect-skipped':
        if (this.#finalSkips.has(fact.reason))
          for (const view of this.#byReceiver.effect.get(fact.service) ?? []) view.decline(fact)
        return
      case 'copy-stored':
        return this.#park(fact.place, fact.message, 1)
      case 'copy-ended':
        return this.#park(fact.place, fact.message, -1)
    }
  }

  #show(level: 'delivery' | 'effect', service: Name, sighting: Sighting): void {
    for (const view of this.#byReceiver[level].get(service) ?? []) view.see(sighting)
  }

  #park(place: Name, message: Name, difference: 1 | -1): void {
    for (const view of this.#byPlace.get(place) ?? []) view.park(message, difference)
  }

  #viewsOf(service: string, plan: Plan): readonly View[] {
    const channels = Object.keys(plan.routes).filter((channel) => plan.routes[channel]?.includes(service))
    const interest = new Set(channels.map((channel) => this.#names.intern(channel)))
    const planned = plan.services.find(({ name }) => name === service)
    const effectsOf = planned?.effectsOf?.map((channel) => this.#names.intern(channel))
    const viewer = { label: service, receiver: service }
    return levelsOf(service, plan).map((level) => {
      if (level === 'delivery') return new ServiceView(viewer, level, this.#sends, interest, new Map())
      const leaving = effectsOf === undefined ? interest : new Set(effectsOf)
      return new ServiceView(viewer, level, this.#sends, leaving, this.#owedEffects(planned?.owes ?? {}))
    })
  }

  #owedEffects(owes: NonNullable<PlannedService['owes']>): OwedEffects {
    return new Map(
      Object.entries(owes).map(([operation, effects]) => [
        this.#names.intern(operation),
        effects.map((effect) => this.#names.intern(effect)),
      ]),
    )
  }

  #pairViews(plan: Plan): readonly View[] {
    return plan.endToEnd.flatMap((pair) => {
      const viewer = { label: pairText(pair.from, pair.to), receiver: pair.to, origin: this.#originOf(pair) }
      // What leaves effects only where it answers a question comes over no hops of a pair.
      const asksAlone = plan.services.some(({ name, effectsOf }) => name === pair.to && effectsOf !== undefined)
      const levels = asksAlone ? (['delivery'] as const) : levelsOf(pair.to, plan)
      return levels.map((level) => new PairView(viewer, level, this.#sends, viewer.origin))
    })
  }

  #originOf({ from, channels, way }: EndToEnd): NonNullable<Viewer['origin']> {
    const numbersOf = (texts: readonly string[] | undefined): ReadonlySet<Name> | undefined =>
      texts && new Set(texts.map((text) => this.#names.intern(text)))
    return { service: this.#names.intern(from), channels: numbersOf(channels), way: numbersOf(way) }
  }

  #receivers(level: Level): ReadonlyMap<Name, View[]> {
    const receivers = new Map<Name, View[]>()
    for (const view of this.views) {
      if (view.level !== level) continue
      const receiver = this.#names.intern(view.viewer.receiver)
      receivers.set(receiver, [...(receivers.get(receiver) ?? []), view])
    }
    return receivers
  }

  /** For a pair every place where something is parked counts: wherever on the way it rests, it is not lost. */
  #parkingPlaces(plan: Plan): ReadonlyMap<Name, readonly View[]> {
    return new Map(
      Object.entries(plan.parked).map(([place, services]) => [
        this.#names.intern(place),
        this.views.filter(({ viewer }) => viewer.origin !== undefined || services.includes(viewer.receiver)),
      ]),
    )
  }
}

function isSameEffect(applied: AnyFact, undone: FactOf<typeof effectUndone>): boolean {
  return (
    applied['message'] === undone.message &&
    applied['operation'] === undone.operation &&
    applied['effect'] === undone.effect &&
    applied['store'] === undone.store
  )
}

function levelsOf(service: string, plan: Plan): readonly ('delivery' | 'effect')[] {
  const effects = plan.services.find(({ name }) => name === service)?.effects ?? false
  return effects ? ['delivery', 'effect'] : ['delivery']
}
