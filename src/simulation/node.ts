import type { Name } from '../history/fact.ts'
import { nodeCrashed, nodeLostPower, nodePaused, nodeResumed, nodeStarted, nodeStopped } from '../history/facts.ts'
import type { DiskProfile } from './disk.ts'
import { Disk, diskProfiles } from './disk.ts'
import type { Micros } from './duration.ts'
import type { EventTarget } from './event-queue.ts'
import { Process } from './process.ts'
import { Silence } from './silence.ts'
import type { ServiceProfile } from './service.ts'
import { instantService, Service } from './service.ts'
import { WallClock } from './wall-clock.ts'
import type { World } from './world.ts'

const diskDone = 3
const graceOver = 4
const restartDue = 13

/** Ends what a fault began. Calling it again does nothing. */
export type Undo = () => void

/** A host and the process that runs on it. */
export interface NodeSpec {
  readonly name: string
  /** Where it stands; `zone(a)` as a target of faults means every node of zone a. */
  readonly zone?: string
  readonly service?: ServiceProfile
  readonly disk?: DiskProfile
  /** Whether it refuses what it is asked while it is overloaded. Default: it knows no such thing. */
  readonly refuses?: boolean
  /** The program: called as the first step of every incarnation. */
  start(process: Process): void
}

/** A process on a host, with the host's disk and clock. Faults act on nodes. */
export class Node {
  readonly name: string
  readonly label: Name
  readonly number: number
  readonly zone: string
  readonly disk: Disk
  readonly clock = new WallClock()
  readonly service: Service
  readonly #world: World
  readonly #spec: NodeSpec
  /** When and why this node was last down or frozen, for those who waited for it. */
  readonly silence = new Silence()
  readonly #slownesses = new Set<{ readonly factor: number }>()
  #process: Process
  #incarnation = 0
  #boots = 1
  #release = 0
  /** Reasons for the process to be down, for the host to be without power, for the process to be frozen. */
  #downs = 0
  #outages = 0
  #pauses = 0
  #overloads = 0
  #pausedAt: Micros = 0
  #stopping: Process | undefined

  constructor(world: World, spec: NodeSpec, number: number) {
    this.#world = world
    this.#spec = spec
    this.name = spec.name
    this.label = world.history.names.intern(spec.name)
    this.number = number
    this.zone = spec.zone ?? ''
    this.service = new Service(spec.service ?? instantService)
    this.disk = new Disk(spec.disk ?? diskProfiles.ssd, {
      now: () => world.engine.now,
      later: (delay, arrived, done) => this.#diskLater(delay, arrived, done),
    })
    this.#process = new Process(world, this, 0)
    this.#process.die()
  }

  /** The current incarnation of the process; dead while the node is down. */
  get process(): Process {
    return this.#process
  }

  get incarnation(): number {
    return this.#incarnation
  }

  get up(): boolean {
    return this.#process.alive
  }

  /** Whether the host's kernel answers the network, whatever its process does. */
  get powered(): boolean {
    return this.#outages === 0
  }

  /** How often the host was switched on: its kernel knows nothing of what happened before the last time. */
  get boots(): number {
    return this.#boots
  }

  get paused(): boolean {
    return this.#pauses > 0
  }

  /** Whether its process runs as it should. */
  get isWell(): boolean {
    return this.up && this.#pauses === 0 && this.#slownesses.size === 0
  }

  /** By how much its work takes longer than it should. */
  get slowness(): number {
    if (this.#slownesses.size === 0) return 1
    let product = 1
    for (const { factor } of this.#slownesses) product *= factor
    return product
  }

  /** Whether it refuses what it is asked while it is overloaded. */
  get refuses(): boolean {
    return this.#spec.refuses === true
  }

  /** Whether others ask more of it than it takes. */
  get overloaded(): boolean {
    return this.#overloads > 0
  }

  /** Starts the first incarnation, unless a fault keeps the node down. */
  begin(): void {
    if (this.#downs === 0) this.#start()
  }

  /** The process dies: its memory is gone, the page cache stays, and the kernel resets its connections. */
  crash(): Undo {
    this.#world.lulls.end()
    this.#downs++
    if (this.up) {
      this.silence.begin(this.#world.record(nodeCrashed, this.label, { incarnation: this.#incarnation }))
      this.#endProcess('reset')
    }
    return once(() => this.#comeBack())
  }

  /** The host dies: memory and page cache are gone, peers hear nothing. `torn` leaves half a record at the end of each log. */
  losePower(torn: boolean): Undo {
    this.#world.lulls.end()
    this.#downs++
    if (this.#outages++ === 0) {
      this.silence.begin(this.#world.record(nodeLostPower, this.label, { incarnation: this.#incarnation }))
      this.#boots++
      this.#endProcess('silence')
      this.disk.losePower(torn)
      this.#world.network.doubtAcknowledgements()
    }
    return once(() => {
      this.#outages--
      this.#comeBack()
    })
  }

  /** Clean stop: the program says goodbye and its connections are closed in order; it is killed if that takes longer than `grace`. */
  stop(grace: Micros): Undo {
    this.#world.lulls.end()
    this.#downs++
    const process = this.#process
    if (process.alive && this.#stopping !== process) {
      this.#stopping = process
      process.timerDue(() => process.stop(() => this.#stopped(process, 'close')))
      const kill: EventTarget = { number: this.number, occur: () => this.#stopped(process, 'reset') }
      this.#world.engine.schedule(grace, kill, graceOver, undefined)
    }
    return once(() => this.#comeBack())
  }

  /** Which release of the program the next process runs: how often another one was deployed. */
  get release(): number {
    return this.#release
  }

  /** Clean stop as in {@link stop}; whatever starts from then on is the next release. */
  deploy(grace: Micros): Undo {
    this.#release++
    return this.stop(grace)
  }

  /** The process freezes while time goes on: nothing of it runs, its host's kernel still takes what arrives. */
  pause(): Undo {
    if (!this.up) return () => {}
    const process = this.#process
    this.#world.lulls.end()
    if (this.#pauses++ === 0) {
      this.#pausedAt = this.#world.engine.now
      this.silence.begin(this.#world.record(nodePaused, this.label, { incarnation: this.#incarnation }))
      process.freeze()
    }
    return once(() => this.#resume(process))
  }

  /** Work takes `factor` times as long. */
  slowDown(factor: number): Undo {
    const entry = { factor }
    this.#world.lulls.end()
    this.#slownesses.add(entry)
    return () => this.#slownesses.delete(entry)
  }

  /** Others ask more of it than it takes. */
  overload(): Undo {
    this.#world.lulls.end()
    this.#overloads++
    return once(() => this.#overloads--)
  }

  /** A crash that is no fault of the schedule; the node comes back by itself. */
  exit(restartAfter: Micros): void {
    const comeBack = this.crash()
    this.#world.engine.schedule(restartAfter, { number: this.number, occur: comeBack }, restartDue, undefined)
  }

  #start(): void {
    this.#world.lulls.end()
    this.#incarnation++
    this.silence.end(this.#world.engine.now)
    const process = new Process(this.#world, this, this.#incarnation)
    this.#process = process
    const started = this.#world.record(nodeStarted, this.label, { incarnation: this.#incarnation })
    this.#world.engine.onAccountOf(started, () => process.step(() => this.#spec.start(process)))
  }

  #comeBack(): void {
    if (--this.#downs === 0 && !this.up) this.#start()
  }

  #resume(process: Process): void {
    if (!process.alive || --this.#pauses > 0) return
    const { engine } = this.#world
    this.silence.end(engine.now)
    const paused = engine.now - this.#pausedAt
    process.thaw(this.#world.record(nodeResumed, this.label, { incarnation: this.#incarnation, paused }))
  }

  #stopped(process: Process, ending: 'close' | 'reset'): void {
    if (!process.alive) return
    this.#world.lulls.end()
    this.silence.begin(this.#world.record(nodeStopped, this.label, { incarnation: this.#incarnation }))
    this.#endProcess(ending)
    if (this.#downs === 0) this.#start()
  }

  #endProcess(ending: 'reset' | 'silence' | 'close'): void {
    const process = this.#process
    process.die()
    this.#pauses = 0
    this.service.clear()
    for (const connection of [...process.connections]) connection.processEnded(ending)
  }

  #diskLater(delay: Micros, arrived: (powered: boolean) => void, done: () => void): void {
    const process = this.#process
    const boots = this.#boots
    const completion: EventTarget = {
      number: this.number,
      occur: () => {
        arrived(this.#boots === boots)
        process.timerDue(done)
      },
    }
    this.#world.engine.schedule(delay, completion, diskDone, undefined)
  }
}

function once(undo: () => void): Undo {
  let undone = false
  return () => {
    if (undone) return
    undone = true
    undo()
  }
}
