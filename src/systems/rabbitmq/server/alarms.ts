import { millisecond } from '../../../simulation/duration.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { alarmCleared, alarmRaised } from '../facts.ts'
import type { BrokerSettings } from './broker-settings.ts'

/** Why a broker reads nothing more from connections that publish. `flow` is no alarm: it passes by itself. */
export type BlockReason = 'memory' | 'disk' | 'flow'

/** The server looks at its memory every 2.5 s (`memory_monitor_interval`), and near its limit at the disk every 100 ms. */
const memoryInterval: Micros = 2500 * millisecond
const diskInterval: Micros = 100 * millisecond

export interface AlarmContext {
  /** Bytes that the messages in queues take now. */
  memoryUsed(): number
  /** Bytes that the disk has free. */
  diskFree(): number
  /** Writes that the disk does not have yet. */
  unsafeWrites(): number
  changed(): void
  /** While the disk alarm is on, each time the disk was looked at. */
  diskLookedAt(): void
}

/**
 * What makes a broker stop reading. Alarms are looked at in the server's intervals, but only while one would change: an idle broker has no
 * events of this kind.
 */
export class Alarms {
  readonly reasons = new Set<BlockReason>()
  readonly #process: Process
  readonly #settings: BrokerSettings
  readonly #context: AlarmContext
  #memoryTimer: Timer | undefined
  #diskTimer: Timer | undefined

  constructor(process: Process, settings: BrokerSettings, context: AlarmContext) {
    this.#process = process
    this.#settings = settings
    this.#context = context
  }

  /** Something may have changed: messages came or went, the disk did something. */
  look(): void {
    const { initial, more } = this.#settings.storeCredit
    const writes = this.#context.unsafeWrites()
    if (this.reasons.has('flow') ? writes <= initial - more : writes > initial) this.#toggle('flow')
    if (this.#memoryIsShort !== this.reasons.has('memory')) this.#watchMemory()
  }

  /** The disk was written to, or could not be. */
  diskWritten(failed: boolean): void {
    if (failed || this.#diskIsShort !== this.reasons.has('disk')) this.#watchDisk()
  }

  get #memoryIsShort(): boolean {
    return this.#context.memoryUsed() > this.#settings.memoryLimit
  }

  get #diskIsShort(): boolean {
    return this.#context.diskFree() < this.#settings.diskFreeLimit
  }

  #watchMemory(): void {
    if (this.#memoryTimer !== undefined) return
    const wait = memoryInterval - (this.#process.now % memoryInterval)
    this.#memoryTimer = this.#process.setTimer(wait, () => {
      this.#memoryTimer = undefined
      if (this.#memoryIsShort !== this.reasons.has('memory')) this.#toggle('memory')
    })
  }

  #watchDisk(): void {
    if (this.#diskTimer !== undefined) return
    this.#diskTimer = this.#process.setTimer(diskInterval, () => {
      this.#diskTimer = undefined
      if (this.#diskIsShort !== this.reasons.has('disk')) this.#toggle('disk')
      if (this.reasons.has('disk')) this.#watchDisk()
      this.#context.diskLookedAt()
    })
  }

  #toggle(reason: BlockReason): void {
    const isOn = this.reasons.delete(reason)
    if (!isOn) this.reasons.add(reason)
    if (reason !== 'flow') this.#process.record(isOn ? alarmCleared : alarmRaised, { alarm: reason })
    this.#context.changed()
  }
}
