import type { Node } from '../../../simulation/node.ts'
import type { Process } from '../../../simulation/process.ts'
import type { World } from '../../../simulation/world.ts'
import type { ServerCore } from '../core/server-core.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { dataLoaded, fileTruncated, startRefused } from '../facts-of-servers.ts'
import type { FileRecord } from './append-only-file.ts'
import { fileName } from './append-only-file.ts'
import { contentsOf } from './contents.ts'
import type { CopyLedger } from './copy-ledger.ts'
import { RedisServer } from './redis-server.ts'
import { ServerEvents } from './server-events.ts'
import type { ServerSettings } from './server-settings.ts'
import { snapshotName } from './snapshot-file.ts'

export interface NodeContext {
  readonly world: World
  readonly settings: ServerSettings
  readonly ledger: CopyLedger
  /** Every key that the scenario knows. */
  readonly keys: readonly string[]
  readonly deletions: readonly { readonly key: string; readonly at: number }[]
  readonly priority: number
  /** Whom it follows when nobody has told it anything else. */
  readonly firstMaster: string | undefined
  newCore(process: Process | undefined): ServerCore
}

/** The part of the configuration file that a Sentinel has rewritten. */
interface Role {
  readonly master: string | undefined
}

/** A host of a server: its disk, and one incarnation after the other. */
export class RedisNode {
  readonly node: Node
  readonly #context: NodeContext
  #running: RedisServer | undefined

  constructor(name: string, context: NodeContext) {
    const { world, settings } = context
    this.#context = context
    this.node = world.addNode({
      name,
      service: settings.service,
      disk: settings.disk,
      start: (process) => this.#start(process),
    })
    this.#watchEndings()
  }

  get name(): string {
    return this.node.name
  }

  /** The running incarnation; nothing while the node is down, or does not start. */
  get running(): RedisServer | undefined {
    return this.#running
  }

  get isMaster(): boolean {
    return this.#running !== undefined && this.#running.master === undefined
  }

  #start(process: Process): void {
    const { settings, keys, ledger, priority, deletions } = this.#context
    const core = this.#context.newCore(process)
    const found = this.#load(core, process)
    if (!found.ok) {
      process.record(startRefused, { reason: found.reason })
      return
    }
    const contents = contentsOf(core, keys)
    ledger.reconcile(this.node, contents, 'it was not on the disk')
    if (process.incarnation > 1) process.record(dataLoaded, { from: found.from, messages: contents.length })
    const role = process.disk.value<Role>('redis.conf').value
    const server = new RedisServer(process, {
      settings,
      core,
      master: role === undefined ? this.#context.firstMaster : role.master,
      priority,
      events: new ServerEvents(process, ledger, core, keys),
      keepRole: (master) => process.disk.value<Role>('redis.conf').write({ master }),
    })
    this.#running = server
    server.begin()
    for (const { key, at } of deletions)
      if (at >= process.now) process.setTimer(at - process.now, () => server.administer({ type: 'DEL', keys: [key] }))
  }

  /** With the append-only file switched on, a start looks at nothing else. */
  #load(core: ServerCore, process?: Process): Loaded {
    const now = Math.floor(this.node.clock.read(this.#context.world.engine.now) / 1000)
    const { values } = this.#context.settings
    const { disk } = this.node
    if (!values.appendonly) {
      const snapshot = disk.value<Snapshot>(snapshotName).value
      if (snapshot !== undefined) core.restore(snapshot, now)
      return { ok: true, from: snapshot === undefined ? 'nothing' : 'snapshot' }
    }
    const log = disk.log<FileRecord>(fileName)
    for (let place = 0; place < log.length; place++) {
      const record = log.read(place)
      if (record === undefined) break
      if (record.state === 'torn' && place === log.length - 1 && values['aof-load-truncated']) {
        if (process !== undefined) {
          log.truncate(place)
          process.record(fileTruncated, {})
        }
        break
      }
      if (record.state !== 'whole') return { ok: false, reason: `its file is damaged (${record.state})` }
      const { value } = record
      if ('snapshot' in value) core.restore(value.snapshot, now)
      else core.apply(value.commands, now)
    }
    return { ok: true, from: log.length === 0 ? 'nothing' : 'file' }
  }

  #watchEndings(): void {
    const { world } = this.#context
    for (const ending of ['node-crashed', 'node-stopped', 'node-lost-power']) {
      world.listen(ending, ({ node, index }) => {
        if (node !== this.node.label) return
        this.#running = undefined
        const review = (): void => this.#review(ending, index)
        // The disk learns after the fact that the power is gone.
        if (ending === 'node-lost-power')
          world.engine.schedule(0, { number: this.node.number, occur: review }, 0, undefined)
        else review()
      })
    }
  }

  /** A server that is dead cannot tell what it lost: whoever sees its disk can. */
  #review(ending: string, cause: number): void {
    if (this.#running !== undefined) return
    const core = this.#context.newCore(undefined)
    this.#load(core)
    const reason = ending === 'node-lost-power' ? 'the disk did not have it' : 'it was in the memory of the process'
    this.#context.ledger.reconcile(this.node, contentsOf(core, this.#context.keys), reason, cause)
  }
}

type Loaded =
  | { readonly ok: true; readonly from: 'file' | 'snapshot' | 'nothing' }
  | { readonly ok: false; readonly reason: string }
