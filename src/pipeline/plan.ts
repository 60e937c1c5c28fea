import { addressText, type ServiceSpec } from '../application/service.ts'
import type { EndToEnd, Plan } from '../checks/plan.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { System } from '../systems/system.ts'

/** What a scenario intends, for the checks: who is to get what, whatever the timing of subscriptions. */
export function planOf(scenario: Scenario, systems: ReadonlyMap<string, System>): Plan {
  const routes = routesOf(scenario, systems)
  return {
    services: scenario.services
      .filter((service) => service.receives.length > 0 || service.asks.length > 0)
      .map(({ name, handling, asks }) => ({ name, effects: handling.effect !== undefined || asks.length > 0 })),
    routes,
    endToEnd: chains(scenario, routes),
    parked: parkedOf(scenario, systems),
  }
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
function chains(scenario: Scenario, routes: Readonly<Record<string, readonly string[]>>): readonly EndToEnd[] {
  const forwardedTo = (name: string): readonly string[] =>
    (scenario.services.find((service) => service.name === name)?.forwards ?? []).flatMap(
      ({ to }) => routes[addressText(to)] ?? [],
    )
  return scenario.services.flatMap(({ name, sends }) => {
    const direct = sends.flatMap(({ to }) => routes[addressText(to)] ?? [])
    const reached = new Set<string>()
    const queue = direct.flatMap(forwardedTo)
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (reached.has(next)) continue
      reached.add(next)
      queue.push(...forwardedTo(next))
    }
    return [...reached].map((to) => ({ from: name, to }))
  })
}

/** A copy in a parking place is parked for everybody who receives from that system, but not for who receives from the place itself. */
function parkedOf(
  scenario: Scenario,
  systems: ReadonlyMap<string, System>,
): Readonly<Record<string, readonly string[]>> {
  const parked: Record<string, readonly string[]> = {}
  for (const [name, system] of systems) {
    for (const place of system.parkingPlaces) {
      const text = `${name}/${place}`
      parked[text] = scenario.services
        .filter((service) => service.receives.some(({ from }) => from.system === name && from.path !== place))
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
