import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { World } from '../../../simulation/world.ts'
import type { Use } from '../../system.ts'
import { consumerValues, furtherLists, groupOf } from '../options/client-values.ts'
import { ServerCore } from '../core/server-core.ts'
import { parseId } from '../core/stream-id.ts'
import { Stream } from '../core/stream.ts'
import { scripts } from '../scripts.ts'
import { Sentinel } from '../sentinel/sentinel.ts'
import type { Topology } from '../options/topology.ts'
import { processingListOf } from '../options/topology.ts'
import { entriesAfter } from './contents.ts'
import { CopyLedger } from './copy-ledger.ts'
import { RedisNode } from './redis-node.ts'
import type { ServerSettings } from './server-settings.ts'
import { unfinishedIn } from './unfinished-work.ts'

export interface DeploymentOptions {
  readonly world: World
  readonly name: string
  readonly settings: ServerSettings
  readonly topology: Topology
  readonly uses: readonly Use[]
  readonly nextCopy: () => number
}

/** The servers and Sentinels of a system in a world, and the account of what they hold. */
export class Deployment {
  readonly ledger: CopyLedger
  readonly servers: readonly RedisNode[]
  /** The names of their nodes. */
  readonly sentinels: readonly string[]
  readonly #options: DeploymentOptions
  readonly #watching = new Map<string, { readonly process: Process; readonly sentinel: Sentinel }>()

  constructor(options: DeploymentOptions) {
    const { world, name, settings, nextCopy } = options
    const { replicas, sentinels } = settings.values
    this.#options = options
    this.ledger = new CopyLedger(world, name, nextCopy)
    const names = Array.from({ length: 1 + replicas }, (_, place) => `${name}-${place + 1}`)
    this.servers = names.map((server, place) => this.#addServer(server, place, names[0] ?? ''))
    this.sentinels = Array.from({ length: sentinels }, (_, place) => `${name}-sentinel-${place + 1}`)
    for (const sentinel of this.sentinels) this.#addSentinel(sentinel, names)
    this.#addTargets(names)
  }

  /** Whoever is the master; while there are two, the one that Sentinels know. */
  get master(): RedisNode | undefined {
    const masters = this.servers.filter(({ isMaster }) => isMaster)
    const known = [...this.#watching.values()].flatMap(({ process, sentinel }) =>
      process.alive ? [sentinel.master] : [],
    )
    return masters.length > 1 ? (masters.find(({ name }) => name === known.at(-1)) ?? masters[0]) : masters[0]
  }

  /** What is not final yet, for people. */
  unfinished(): readonly string[] {
    const busy = [...this.#watching.values()].flatMap(({ process, sentinel }) =>
      process.alive ? (sentinel.isBusyWith ?? []) : [],
    )
    const behind = this.servers.some(({ running }) => running?.isEven === false) ? ['replicas that are behind'] : []
    const buffered = this.servers.reduce((sum, { running }) => sum + (running?.waitingForSubscribers ?? 0), 0)
    const unsent = buffered === 0 ? [] : [`${buffered} messages in the output buffers of subscribers`]
    return [...new Set([...this.#unfinishedIn(this.master), ...busy, ...behind, ...unsent])]
  }

  /** What readers by themselves have not been given yet. */
  unread(readers: readonly { readonly key: string; readonly after: string }[]): readonly string[] {
    const core = this.master?.running?.core
    return readers.flatMap(({ key, after }) => {
      const stream = core?.keys.get(key)?.value
      if (!(stream instanceof Stream) || after === '$') return []
      const { length } = entriesAfter(stream, key, parseId(after))
      return length === 0 ? [] : [`${length} messages in ${key} that a reader has not read`]
    })
  }

  takeInventory(): void {
    const { world } = this.#options
    this.ledger.takeInventory(
      (name) => world.node(name),
      ({ key, id }) => (id !== '' ? 'stored' : this.#processingLists.has(key) ? 'processing' : 'ready'),
    )
  }

  #unfinishedIn(master: RedisNode | undefined): readonly string[] {
    const { uses, topology, world } = this.#options
    const consumed = uses.filter(
      ({ role, address }) => role === 'consumer' && topology.places.get(address) !== 'channel',
    )
    if (master?.running === undefined) {
      const places = consumed.flatMap((use) => [use.address, ...furtherLists(use)])
      const count = [...new Set(places)].reduce((sum, key) => sum + this.ledger.countIn(key), 0)
      return count === 0 ? [] : [`${count} messages of a master that is not there`]
    }
    const { core } = master.running
    const text = (message: number): string => world.history.names.text(message)
    return consumed.flatMap((use) => {
      const values = consumerValues(use.settings)
      const place = topology.places.get(use.address)
      if (place === 'stream' && values.read === 'XREADGROUP')
        return unfinishedIn(core, { kind: 'group', key: use.address, group: groupOf(use), start: values.start }, text)
      if (place !== 'list') return []
      const ready = [use.address, ...furtherLists(use)].flatMap((list) =>
        unfinishedIn(core, { kind: 'list', key: list, state: 'waiting' }, text),
      )
      const key = processingListOf(use.address, values.processing)
      return values.take === 'BLMOVE'
        ? [...ready, ...unfinishedIn(core, { kind: 'list', key, state: 'in processing' }, text)]
        : ready
    })
  }

  get #processingLists(): ReadonlySet<string> {
    return new Set(
      this.#options.uses.flatMap(({ role, address, settings }) =>
        role === 'consumer' ? [processingListOf(address, consumerValues(settings).processing)] : [],
      ),
    )
  }

  #addServer(name: string, place: number, first: string): RedisNode {
    const { world, settings, topology } = this.#options
    return new RedisNode(name, {
      world,
      settings,
      ledger: this.ledger,
      keys: [...topology.places.keys(), ...this.#processingLists, ...this.#deadLetters],
      deletions: topology.deletions,
      priority: Number(settings.values['replica-priority'][place] ?? 100),
      firstMaster: place === 0 ? undefined : first,
      newCore: (process) => this.#newCore(process),
    })
  }

  get #deadLetters(): readonly string[] {
    const { uses, topology } = this.#options
    const targets = uses.flatMap(({ role, settings }) =>
      role === 'consumer' ? (consumerValues(settings)['dead-letter'] ?? []) : [],
    )
    return [...new Set(targets)].filter((key) => !topology.places.has(key))
  }

  #newCore(process: Process | undefined): ServerCore {
    const { settings } = this.#options
    const { values } = settings
    return new ServerCore({
      version: settings.version,
      maxMemory: values.maxmemory,
      maxMemoryPolicy: values['maxmemory-policy'],
      streamNodeMaxEntries: values['stream-node-max-entries'],
      streamNodeMaxBytes: values['stream-node-max-bytes'],
      idLimits: {
        duration: Math.ceil(values['stream-idmp-duration'] / second),
        maxSize: values['stream-idmp-maxsize'],
      },
      draw: (below) => process?.random.below(below) ?? 0,
      scripts,
    })
  }

  #addSentinel(name: string, servers: readonly string[]): void {
    const { world, settings } = this.#options
    const { values } = settings
    world.addNode({
      name,
      start: (process) => {
        const sentinel = new Sentinel(process, {
          servers,
          sentinels: this.sentinels,
          quorum: values.quorum,
          downAfter: values['down-after-milliseconds'],
          failoverTimeout: values['failover-timeout'],
        })
        this.#watching.set(name, { process, sentinel })
      },
    })
  }

  /** The system's name means all of its nodes; roles are looked up when a fault strikes. */
  #addTargets(servers: readonly string[]): void {
    const { world, name, topology } = this.#options
    const { targets } = world
    targets.addToGroup(name, [...servers, ...this.sentinels])
    targets.addToGroup('broker', servers)
    if (this.sentinels.length > 0) targets.addToGroup('sentinel', this.sentinels)
    const isOurs = (place: string): boolean =>
      place === name || (place.startsWith(`${name}/`) && topology.places.has(place.slice(name.length + 1)))
    targets.addRole('leader', (place) => (isOurs(place) ? [this.master?.name ?? []].flat() : []))
    targets.addRole('follower', (argument) => {
      const [place = '', ordinal] = argument.split(',').map((part) => part.trim())
      if (!isOurs(place)) return []
      const followers = servers.filter((server) => server !== this.master?.name)
      return ordinal === undefined ? followers : followers.slice(Number(ordinal) - 1, Number(ordinal))
    })
    targets.addRole('storage-of', (place) => (isOurs(place) ? servers : []))
  }
}
