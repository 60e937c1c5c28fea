import type { ChannelModel } from 'amqplib'
import { connect } from 'amqplib'
import * as fc from 'fast-check'
import type { Plan } from './plan.ts'
import { plans } from './plan.ts'
import type { Comparison } from './side-by-side.ts'
import { Difference, sideBySide } from './side-by-side.ts'

export interface CompareOptions {
  readonly url: string
  readonly sequences: number
  readonly seed: number
  /** How many sequences run at a time, each kind of worker on a connection of its own. */
  readonly width: number
  readonly progress?: (done: number) => void
}

export interface Compared {
  readonly sequences: number
  readonly commands: number
  /** Sequences that were given up and replaced by others: the machine was too slow for their times. */
  readonly tooSlow: number
  /**
   * Sequences that were given up because the client library gave its connection up: it does not expect a delivery that the server sent before
   * it learnt that its closing of the channel had arrived.
   */
  readonly cutOff: number
  /**
   * Sequences that differed after something whose order the server leaves open: messages that came to one queue from several sides at once,
   * or a commit of publishes and acknowledgements, where a busy queue takes the acknowledgements first.
   */
  readonly leftOpen: number
  /** Sequences that agreed only at the second or third attempt: the server's processes may overtake each other, and its clock is real. */
  readonly again: number
  /** How often each thing happened, by name. */
  readonly happened: Readonly<Record<string, number>>
  /** What differed, each the smallest that was found. */
  readonly differences: readonly string[]
}

/** A difference has to show this often in a row; what the server leaves open does not. */
const attempts = 3

/** Plays many random plans against a real server. */
export async function compareMany({ url, sequences, seed, width, progress }: CompareOptions): Promise<Compared> {
  const counts = { sequences: 0, commands: 0, tooSlow: 0, cutOff: 0, leftOpen: 0, again: 0 }
  const happened = new Map<string, number>()
  const count = (result: Comparison): void => {
    if (typeof result === 'string') counts[result]++
    fc.pre(typeof result !== 'string')
    if (typeof result === 'string') return
    counts.commands += result.commands
    for (const [what, times] of result.happened) happened.set(what, (happened.get(what) ?? 0) + times)
    counts.sequences++
    progress?.(counts.sequences)
  }
  const work = async (index: number): Promise<string | undefined> => {
    const worker = new Worker(url, `run${seed}.${index}`)
    const property = fc.asyncProperty(plans, async (plan) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return count(await worker.play(plan))
        } catch (error) {
          if (!(error instanceof Difference) || attempt === attempts) throw error
          counts.again++
        }
      }
    })
    const numRuns = Math.ceil(sequences / width)
    const details = await fc.check(property, {
      numRuns,
      seed: seed * 1000 + index,
      maxSkipsPerRun: 100,
      includeErrorInReport: true,
      endOnFailure: true,
    })
    await worker.close()
    return details.failed ? fc.defaultReportMessage(details) : undefined
  }
  const reports = await Promise.all(Array.from({ length: width }, (_, index) => work(index)))
  const table = Object.fromEntries([...happened].sort(([one], [other]) => (one < other ? -1 : 1)))
  return { ...counts, happened: table, differences: reports.filter((report) => report !== undefined) }
}

/** Plays plans one after the other, on one connection as long as that holds. */
class Worker {
  readonly #url: string
  readonly #name: string
  #connection: ChannelModel | undefined
  #plans = 0
  #lost: string | undefined

  constructor(url: string, name: string) {
    this.#url = url
    this.#name = name
  }

  async play(plan: Plan): Promise<Comparison> {
    const connection = (this.#connection ??= await this.#connect())
    try {
      return await sideBySide(plan, connection, `${this.#name}.${this.#plans++}`)
    } catch (error) {
      if (this.#lost?.includes('unknown channel') === true) return 'cutOff'
      throw this.#lost === undefined ? error : new Error(`the connection is lost: ${this.#lost}`, { cause: error })
    } finally {
      if (this.#lost !== undefined) this.#connection = undefined
    }
  }

  async close(): Promise<void> {
    await this.#connection?.close().catch(() => undefined)
  }

  async #connect(): Promise<ChannelModel> {
    this.#lost = undefined
    const connection = await connect(this.#url)
    connection.on('error', (error: unknown) => (this.#lost = String(error)))
    connection.on('close', () => (this.#lost ??= 'closed'))
    return connection
  }
}
