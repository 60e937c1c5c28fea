import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { SettingProblem, Use } from '../system.ts'
import { replyQueue } from './core/direct-reply.ts'
import type { Version } from './core/profile.ts'
import { profiles } from './core/profile.ts'
import { publishAddress } from './options/address.ts'
import { brokerTable } from './options/broker-table.ts'
import { versionOf } from './options/broker-settings-of.ts'
import { useContradictions } from './options/client-contradictions.ts'
import { fieldPairsFault } from './options/field-pairs.ts'
import type { Topology } from './options/topology.ts'
import { topologyOf } from './options/topology.ts'

/** What is wrong with a broker's declarations and with the clients that use it. */
export function problemsOf(settings: Settings, uses: readonly Use[], named: string): readonly SettingProblem[] {
  const version = versionOf(named)
  const topology = topologyOf(settings, version)
  return [
    ...configurationProblems(settings, version),
    ...topologyProblems(settings, topology),
    ...uses.flatMap((use) => [...addressProblems(topology, use, uses), ...useContradictions(use)]),
    ...crowdedConnections(settings, uses),
  ]
}

function configurationProblems(settings: Settings, version: Version): readonly SettingProblem[] {
  const { consumerTimeout, consumerTimeoutOfQueue } = profiles[version]
  if (consumerTimeout === 'closes-channel') {
    if (consumerTimeoutOfQueue === 'taken') return []
    return queueTimeouts(settings).map((path) => ({
      path,
      message: `a queue has no timeout of its own in ${version}: that came with 3.12`,
      suggestion: 'set consumer_timeout, or take a newer version',
    }))
  }
  const ofBroker = ['consumer_timeout', 'channel_tick_interval'].filter((option) => settings.explicit.includes(option))
  return [...ofBroker.map((option) => [option]), ...queueTimeouts(settings)].map((path) => ({
    path,
    message: `${path.at(-1) ?? ''} means nothing to classic queues in ${version}: late acknowledgements are watched in quorum queues alone`,
    suggestion: 'leave it out, or take an older version',
  }))
}

/** Where queues, or policies for them, set how late an acknowledgement may be. */
function queueTimeouts(settings: Settings): readonly (readonly string[])[] {
  const { queues, policies } = valuesOf(brokerTable, settings)
  return [
    ...Object.keys(queues)
      .filter((name) => queues[name]?.['x-consumer-timeout'] !== null)
      .map((name) => ['queues', name, 'x-consumer-timeout']),
    ...Object.keys(policies)
      .filter((name) => policies[name]?.definition['consumer-timeout'] !== null)
      .map((name) => ['policies', name, 'definition', 'consumer-timeout']),
  ]
}

function topologyProblems(settings: Settings, { faults }: Topology): readonly SettingProblem[] {
  const own = [...queueProblems(settings), ...bindingProblems(settings)]
  // Where the reason is known, what the broker would say is no news.
  const isKnown = (path: readonly string[]): boolean =>
    own.some((problem) => path.every((part, index) => problem.path[index] === part))
  return [...own, ...faults.filter(({ path }) => !isKnown(path)).map(({ path, message }) => ({ path, message }))]
}

function queueProblems(settings: Settings): readonly SettingProblem[] {
  return Object.entries(valuesOf(brokerTable, settings).queues).flatMap(([name, queue]) => {
    const type = queue['x-queue-type']
    if (type === 'classic') return []
    const what = type === 'quorum' ? 'quorum queues' : 'streams'
    const message = `${what} are left out of the model, which has one node and classic queues`
    return [{ path: ['queues', name, 'x-queue-type'], message }]
  })
}

function bindingProblems(settings: Settings): readonly SettingProblem[] {
  const { bindings, exchanges } = valuesOf(brokerTable, settings)
  return Object.entries(bindings).flatMap(([name, binding]): readonly SettingProblem[] => {
    const path = ['bindings', name]
    if (binding.source === '') return [{ path, message: 'a binding needs the exchange that it starts at, its source' }]
    const fault = fieldPairsFault(binding.arguments)
    if (fault !== undefined) return [{ path: [...path, 'arguments'], message: fault }]
    const comparesHeaders =
      exchanges[binding.source]?.type === 'headers' || /^amq\.(headers|match)$/.test(binding.source)
    if (binding.arguments.length === 0 || comparesHeaders) return []
    return [{ path: [...path, 'arguments'], message: 'only a headers exchange looks at the arguments of a binding' }]
  })
}

function addressProblems(topology: Topology, use: Use, uses: readonly Use[]): readonly SettingProblem[] {
  const { queues, exchanges } = topology
  const named = exchanges.filter((exchange) => !exchange.startsWith('amq.'))
  if (use.role === 'producer') {
    const to = publishAddress(use.address, topology)
    if (to === undefined) return [missing(use, 'queue or exchange', [...queues, ...named])]
    if (!topology.isInternal(to.exchange)) return []
    return [
      { use, path: ['address'], message: `the exchange ${to.exchange} is internal: only exchanges publish to it` },
    ]
  }
  if (use.address === replyQueue) return replyProblems(use, uses)
  if (queues.includes(use.address)) return retryProblems(topology, use)
  if (publishAddress(use.address, topology) === undefined) return [missing(use, 'queue', queues)]
  const message = `${use.address} is no queue but an exchange, and consumers take from queues`
  return [{ use, path: ['address'], message, suggestion: 'bind a queue to it, and receive from that' }]
}

/** Direct replies come to who asked, on the channel of the request. */
function replyProblems(use: Use, uses: readonly Use[]): readonly SettingProblem[] {
  if (uses.some(({ service, role }) => role === 'producer' && service === use.service)) return []
  const message = `only who asks, with replies to it, receives from ${replyQueue}: it is no queue`
  return [{ use, path: ['address'], message }]
}

/** Where an application publishes what it failed at, and a shovel what it took. */
function retryProblems({ queues }: Topology, use: Use): readonly SettingProblem[] {
  return ['retry-to', 'park-to', 'shovel-to'].flatMap((option): readonly SettingProblem[] => {
    const queue = use.settings.values[option]
    if (typeof queue !== 'string' || queues.includes(queue)) return []
    return [{ use, path: [option], message: `there is no queue ${queue}`, suggestion: `one of ${queues.join(', ')}` }]
  })
}

function missing(use: Use, what: string, known: readonly string[]): SettingProblem {
  const suggestion = known.length === 0 ? `declare it: queues: { ${use.address}: {} }` : `one of ${known.join(', ')}`
  return { use, path: ['address'], message: `there is no ${what} ${use.address}`, suggestion }
}

/** More channels on a shared connection than the broker lets one have. */
function crowdedConnections(settings: Settings, uses: readonly Use[]): readonly SettingProblem[] {
  const most = valuesOf(brokerTable, settings).channel_max
  const counts = new Map<string, number>()
  return uses.flatMap((use): readonly SettingProblem[] => {
    const { connection } = use.settings.values
    if (typeof connection !== 'string') return []
    const name = `${use.service}/${connection}`
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    if (count !== most + 1) return []
    return [{ use, path: ['connection'], message: `the connection ${connection} has more channels than channel_max` }]
  })
}
