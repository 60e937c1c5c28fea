import { addressText, type ServiceSpec } from '../application/service.ts'
import { strategies } from '../application/strategies/registry.ts'
import type { EndToEnd, Plan, PlannedService } from '../checks/plan.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { System } from '../systems/system.ts'

/** What a scenario intends, for the checks: who is to get what, whatever the timing of subscriptions. */
export function planOf(scenario: Scenario, systems: ReadonlyMap<string, System>): Plan {
  const routes = routesOf(scenario, systems)
  return {
    services: scenario.services
      .filter((service) => service.receives.length > 0 || service.asks.length > 0)
      .map(plannedService),
    routes,
    endToEnd: chains(scenario, routes),
    parked: parkedOf(scenario, systems),
    asked: scenario.expectations,
  }
}

/** Replies that somebody waited for are effects, whether or not the service's own handling has any. */
function plannedService({ name, handling, asks }: ServiceSpec): PlannedService {
  if (handling.effect !== undefined) return { name, effects: true, ...writesOf(handling) }
  if (asks.length === 0) return { name, effects: false }
  return { name, effects: true, effectsOf: asks.map(({ replies }) => addressText(replies)) }
}

/** What the effects are to each other, as the strategy says that applies them. */
function writesOf({ strategy }: ServiceSpec['handling']): Pick<PlannedService, 'writes'> {
  const found = strategies.find(({ name }) => name === strategy.name)
  return found === undefined ? {} : { writes: found.writes }
}

function routesOf(
  scenario: Scenario,
  systems: ReadonlyMap<string, System>,
): Readonly<Record<string, readonly string[]>> {
  const routes: Record<string, readonly string[]> = {}
  for (const channel of scenario.services.flatMap(outgoingChannels)) {
    const [system = '', path = ''] = splitChannel(channel)
    const sources = (systems.get(system)?.sourcesOf(path) ?? []).map((source) => `${system}/${source}`)
    routes[channel] = scenario.services
      .filter((service) => incomingChannels(service).some((from) => sources.includes(from)))
      .map(({ name }) => name)
  }
  return routes
}

/** Pairs of a service that begins something and one that gets it over more than one hop. */
function chains({ services }: Scenario, routes: Readonly<Record<string, readonly string[]>>): readonly EndToEnd[] {
  const forwardsOf = (name: string): readonly string[] => {
    const forwards = services.find((service) => service.name === name)?.forwards ?? []
    return forwards.map(({ to }) => addressText(to))
  }
  const following = (channel: string): readonly string[] => (routes[channel] ?? []).flatMap(forwardsOf)
  return services.flatMap(({ name, sends }) => {
    const own = [...new Set(sends.map(({ to }) => addressText(to)))]
    const later = reachable(own.flatMap(following), following)
    return [...new Set(later.flatMap((channel) => routes[channel] ?? []))].map((to) => {
      const leadsThere = (channel: string): boolean =>
        reachable([channel], following).some((next) => routes[next]?.includes(to))
      return { from: name, to, channels: own.filter(leadsThere), way: reachable(own, following).filter(leadsThere) }
    })
  })
}

/** These channels and all that messages made from theirs leave by, in the order of the hops. */
function reachable(channels: readonly string[], following: (channel: string) => readonly string[]): readonly string[] {
  const reached = new Set(channels)
  for (const channel of reached) for (const next of following(channel)) reached.add(next)
  return [...reached]
}

/** A copy in a parking place is parked for who receives from a source that gives messages up there, but not for who receives from the place itself. */
function parkedOf(
  scenario: Scenario,
  systems: ReadonlyMap<string, System>,
): Readonly<Record<string, readonly string[]>> {
  const parked: Record<string, readonly string[]> = {}
  for (const [name, system] of systems) {
    for (const { place, of } of system.parkingPlaces) {
      const sources = of.filter((source) => source !== place).map((source) => `${name}/${source}`)
      parked[`${name}/${place}`] = scenario.services
        .filter((service) => incomingChannels(service).some((from) => sources.includes(from)))
        .map((service) => service.name)
    }
  }
  return parked
}

/** Replies go where those who ask want them, so the channel of replies belongs to the service that asks. */
function outgoingChannels({ sends, forwards, asks }: ServiceSpec): readonly string[] {
  const own = [...sends, ...forwards].map(({ to }) => addressText(to))
  return [...own, ...asks.flatMap(({ requests, replies }) => [addressText(requests), addressText(replies)])]
}

function incomingChannels({ receives, asks }: ServiceSpec): readonly string[] {
  return [...receives.map(({ from }) => addressText(from)), ...asks.map(({ replies }) => addressText(replies))]
}

function splitChannel(channel: string): readonly [string, string] {
  const slash = channel.indexOf('/')
  return [channel.slice(0, slash), channel.slice(slash + 1)]
}
