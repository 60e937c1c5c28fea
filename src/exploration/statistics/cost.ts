import type { Name } from '../../history/fact.ts'
import { copyStored, packetSent, submitted } from '../../history/facts.ts'
import { run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { linkProfiles } from '../../simulation/link-profile.ts'
import type { World } from '../../simulation/world.ts'

/**
 * What a design does for each message when nothing breaks: counted, not timed, so it is as true in production as it is here. Means over the
 * messages that were sent.
 */
export interface StructuralCost {
  /** How often two nodes spoke to each other and back: many packets one way are one trip. */
  readonly roundTrips: number
  readonly packets: number
  /** Asked for by brokers, consumers and stores together; one may serve many messages. */
  readonly fsyncs: number
  /** Copies that brokers put into a place: in queues, on replicas, what a product keeps for itself and replicates included. */
  readonly copies: number
  /** Records that a store wrote: effects, and what a strategy writes down beside them. Of a replicated store, the server that wrote most. */
  readonly storeWrites: number
}

/** The fact by which a product says that one of its nodes took so many `messages` over from another. */
const replicated = 'replicated'

/** A design in a run in which nothing breaks. */
export interface CalmRun {
  readonly cost: StructuralCost
  /** µs from sending to the effect, the mean; nothing where nothing had an effect. */
  readonly effectLatency: number | undefined
}

/** Runs a scenario without any fault and counts. */
export function calmRunOf(scenario: Scenario): CalmRun {
  let world: World | undefined
  const counts = { messages: 0, copies: 0, packets: 0, turns: 0 }
  const heading = new Map<string, Name>()
  const { metrics } = run(
    { ...scenario, faults: [], nemesis: undefined },
    {
      observeNetwork: true,
      watch: (built) => {
        ;({ world } = built)
        const { history } = world
        history.listen(submitted, () => counts.messages++)
        history.listen(copyStored, () => counts.copies++)
        for (const kind of world.factKinds)
          if (kind.name === replicated) history.listen(kind, (fact) => (counts.copies += Number(fact['messages'])))
        history.listen(packetSent, (fact) => {
          counts.packets++
          const [from, to] = [fact.node, Number(fact['to'])]
          const pair = from < to ? `${from} ${to}` : `${to} ${from}`
          if (heading.has(pair) && heading.get(pair) !== from) counts.turns++
          heading.set(pair, from)
        })
      },
    },
  )
  const per = (count: number): number => (counts.messages === 0 ? 0 : count / counts.messages)
  const nodes = world?.nodes ?? []
  const cost = {
    // There and back are two turns, but for the first way, which has turned from nothing.
    roundTrips: per((counts.turns + heading.size) / 2),
    packets: per(counts.packets),
    fsyncs: per(nodes.reduce((sum, { disk }) => sum + disk.work.syncs, 0)),
    copies: per(counts.copies),
    storeWrites: per(Object.keys(scenario.stores).reduce((sum, store) => sum + mostWritten(nodes, store), 0)),
  }
  return { cost, effectLatency: meanOf(metrics.services.flatMap(({ effectLatency }) => effectLatency ?? [])) }
}

function mostWritten(nodes: World['nodes'], store: string): number {
  const servers = nodes.filter(({ name }) => name === store || name.replace(/-\w+$/, '') === store)
  return Math.max(0, ...servers.map(({ disk }) => disk.work.writes))
}

function meanOf(parts: readonly { readonly count: number; readonly mean: number }[]): number | undefined {
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  return count === 0 ? undefined : parts.reduce((sum, part) => sum + part.count * part.mean, 0) / count
}

/** Whether its latencies were measured by somebody: else its milliseconds are in the right order of magnitude at best. */
export function isCalibrated({ network }: Scenario): boolean {
  const assumed = Object.values(linkProfiles).map(({ latency }) => JSON.stringify(latency))
  const profiles = [network.everywhere, network.betweenZones, ...network.links.map(({ profile }) => profile)]
  return profiles.every((profile) => profile === undefined || !assumed.includes(JSON.stringify(profile.latency)))
}
