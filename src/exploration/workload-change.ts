import type { SendsSpec, ServiceSpec, Workload } from '../application/service.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { LinkProfile } from '../simulation/link-profile.ts'
import { drawn } from './drawn.ts'
import type { SearchSpace } from './search-space.ts'
import type { Draws } from './swarm.ts'

/** What a run does otherwise than the scenario: `shop sends 5 messages`, for people. */
export type WorkloadChange = string

interface Changed {
  readonly scenario: Scenario
  readonly changes: readonly WorkloadChange[]
}

/** The scenario with numbers of messages, rates, members and latencies that are drawn from a name; nothing keeps those of the scenario. */
export function withDrawnWorkload({ scenario }: SearchSpace, name: string | undefined): Changed {
  return name === undefined ? { scenario, changes: [] } : drawn(name, (draws) => drawWorkload(draws, scenario))
}

function drawWorkload(draws: Draws, scenario: Scenario): Changed {
  const changes: WorkloadChange[] = []
  const services = scenario.services.map((service) => drawService(draws, service, changes))
  const slower = draws.chance(30) ? draws.pick([0.1, 0.5, 4, 20]) : 1
  if (slower !== 1) changes.push(`network ${slower} times as slow`)
  const { everywhere } = scenario.network
  const network = { ...scenario.network, everywhere: slower === 1 ? everywhere : withLatency(everywhere, slower) }
  return { scenario: { ...scenario, services, network }, changes }
}

function drawService(draws: Draws, service: ServiceSpec, changes: WorkloadChange[]): ServiceSpec {
  const members = service.receives.length > 0 && draws.chance(30) ? draws.pick([1, 2, 3]) : service.members
  if (members !== service.members) changes.push(`${service.name} has ${members} members`)
  const slower = service.receives.length > 0 && draws.chance(30) ? draws.pick([1, 10, 100]) : 1
  if (slower !== 1) changes.push(`${service.name} takes ${slower} times as long`)
  const handling = { ...service.handling, takes: service.handling.takes * slower }
  const sends = service.sends.map((spec) => drawSends(draws, spec, service.name, changes))
  return { ...service, members, handling, sends }
}

function drawSends(draws: Draws, spec: SendsSpec, service: string, changes: WorkloadChange[]): SendsSpec {
  const { workload } = spec
  if (workload.kind === 'trace' || !draws.chance(60)) return spec
  const messages = Math.min(workload.messages, draws.pick([1, 2, 5, 20, workload.messages]))
  if (messages !== workload.messages) changes.push(`${service} sends ${messages} messages`)
  const keys = draws.chance(30) ? Math.min(1, workload.keys) : workload.keys
  return { ...spec, workload: withRate({ ...workload, messages, keys }, draws.pick([0.1, 1, 1, 10])) }
}

function withRate(workload: Exclude<Workload, { kind: 'trace' }>, factor: number): Workload {
  const { arrival } = workload
  if (arrival.kind === 'burst') return workload
  return { ...workload, arrival: { ...arrival, perSecond: Math.max(1, Math.round(arrival.perSecond * factor)) } }
}

/** Every latency so many times as long. */
export function withLatency(profile: LinkProfile, factor: number): LinkProfile {
  const latency = profile.latency.map(([share, micros]) => [share, Math.max(1, Math.round(micros * factor))] as const)
  return { ...profile, latency }
}
