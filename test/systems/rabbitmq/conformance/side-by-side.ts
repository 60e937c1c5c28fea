import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelModel } from 'amqplib'
import { Broker } from '../../../../src/systems/rabbitmq/core/broker.ts'
import type { ChannelCommand, Command } from '../../../../src/systems/rabbitmq/core/command.ts'
import type { Output } from '../../../../src/systems/rabbitmq/core/output.ts'
import { commandsOf, Names } from './commands-of.ts'
import { answerOf, CoreChannel } from './core-channel.ts'
import type { OnChannel, Plan } from './plan.ts'
import { channelCount, exchangeCount, isTimed, pauseMillis, queueCount } from './plan.ts'
import { RealChannel } from './real-channel.ts'

/** The first thing that the core and the server did not do alike. */
export class Difference extends Error {}

/** What was compared, or why nothing can be said. */
export type Comparison =
  | { readonly commands: number; readonly happened: ReadonlyMap<string, number> }
  | 'tooSlow'
  | 'cutOff'
  | 'leftOpen'

/**
 * Makes the core and a real server do the same and compares, after every command, what each client has seen, the answer, and how many
 * messages and consumers each queue has. The server needs a moment for what its processes tell each other: the comparison is repeated until
 * both agree or `patience` is over.
 */
export async function sideBySide(plan: Plan, connection: ChannelModel, run: string): Promise<Comparison> {
  const pair = await Pair.open(connection, run)
  try {
    return await pair.play(plan)
  } finally {
    await pair.cleanUp()
  }
}

/** Milliseconds. */
const patience = 1_500
/** Milliseconds that may pass between two pauses before the lifetimes in the plan say nothing any more. */
const longestSpell = 580

class Pair {
  readonly #connection: ChannelModel
  readonly #names: Names
  readonly #core = new Broker({ version: '3.10', confirms: 'at-once' })
  /** Looks at the queues; the plan knows nothing of it. */
  readonly #observer: RealChannel
  readonly #channels: { core: CoreChannel; real: RealChannel }[] = []
  readonly #noAck = new Set<string>()
  /** Whether the server was free to do something in another order: see {@link isLeftOpen}. */
  #leftOpen = false
  readonly #story: string[] = []
  #nextChannel = 1
  #now = 0
  #commands = 0
  /** How often each thing happened in the core, which says what the comparison was about. */
  readonly #happened = new Map<string, number>()
  #spellBegan = Date.now()

  private constructor(connection: ChannelModel, run: string, observer: RealChannel) {
    this.#connection = connection
    this.#names = new Names(run)
    this.#observer = observer
  }

  static async open(connection: ChannelModel, run: string): Promise<Pair> {
    const pair = new Pair(connection, run, await RealChannel.open(connection))
    for (let index = 0; index < channelCount; index++) await pair.#openChannel(index)
    return pair
  }

  async play(plan: Plan): Promise<Comparison> {
    const timed = isTimed(plan)
    for (const action of plan.setUp) await this.#step({ channel: 0, action })
    this.#spellBegan = Date.now()
    for (const step of plan.steps) {
      try {
        await this.#step(step)
      } catch (error) {
        if (error instanceof Difference && this.#leftOpen) return 'leftOpen'
        throw error
      }
      if (step.action.step === 'pause') this.#spellBegan = Date.now()
      else if (timed && Date.now() - this.#spellBegan > longestSpell) return 'tooSlow'
    }
    return { commands: this.#commands, happened: this.#happened }
  }

  async cleanUp(): Promise<void> {
    for (const { real } of this.#channels) await real.close()
    const on = { channel: 0 }
    for (let queue = 0; queue < queueCount; queue++) {
      await this.#observer.execute({ kind: 'delete-queue', ...on, name: this.#names.queue(queue) })
    }
    for (let exchange = 0; exchange < exchangeCount; exchange++) {
      await this.#observer.execute({ kind: 'delete-exchange', ...on, name: this.#names.exchange(exchange) })
    }
    await this.#observer.close()
  }

  async #step({ channel: index, action }: OnChannel): Promise<void> {
    const channel = this.#channels[index]
    if (channel === undefined) return
    if (action.step === 'pause') return this.#pause()
    const commands = commandsOf(action, channel.core, this.#names)
    for (const command of commands) {
      const [expected, reply] = this.#execute(channel, unambiguous(channel.core, command))
      this.#expectSame('answer', expected, await reply)
      await this.#agree()
    }
    if (channel.core.seen.closed !== undefined || action.step === 'close-channel') await this.#openChannel(index)
  }

  /** Time passes; nothing else happens. */
  async #pause(): Promise<void> {
    this.#story.push('pause')
    await sleep(pauseMillis)
    this.#now += pauseMillis * 1000
    this.#inCore({ kind: 'tick' })
    await this.#agree()
  }

  #execute(
    pair: { core: CoreChannel; real: RealChannel },
    command: ChannelCommand,
  ): [string | undefined, Promise<string | undefined>] {
    const { core, real } = pair
    this.#commands++
    this.#story.push(JSON.stringify(command))
    const translated = this.#translate(core, command)
    this.#noteBefore(core, command)
    const outputs = this.#inCore(command)
    if (isLeftOpen(outputs)) this.#leftOpen = true
    this.#noteAfter(core, command, outputs)
    const reply = real.execute(translated).then((answer) => {
      if (command.kind === 'get' && answer !== 'nothing')
        this.#pairTag(core, outputs, real.lastTag, command.noAck ?? false)
      return answer
    })
    return [core.seen.closed === undefined ? answerOf(outputs, core.number) : undefined, reply]
  }

  #inCore(command: Command): readonly Output[] {
    const outputs = [...this.#core.execute(command, this.#now)]
    if (this.#core.isDirty)
      outputs.push(...this.#core.execute({ kind: 'synced', write: this.#core.written }, this.#now))
    for (const { core } of this.#channels) for (const output of outputs) core.see(output, this.#noAck)
    for (const output of outputs) {
      const what = this.#name(output)
      this.#happened.set(what, (this.#happened.get(what) ?? 0) + 1)
    }
    return outputs
  }

  #name(output: Output): string {
    if (output.kind === 'deliver') {
      const rivals = this.#core.virtualHost.queue(output.queue)?.consumers.count ?? 0
      return `deliver${output.redelivered ? ' again' : ''}${rivals > 1 ? ' to one of several' : ''}`
    }
    if (output.kind === 'got') return output.redelivered ? 'got again' : 'got'
    if (output.kind === 'buried') return `buried: ${output.reason}`
    if (output.kind === 'dead-lettered')
      return output.cycles.length > 0 ? 'dead-letter cycle' : `dead-lettered to ${output.to.length}`
    if (output.kind === 'confirm') return `confirm: ${output.answer}`
    if (output.kind === 'channel-closed') return `channel-closed: ${output.code} ${output.text.split(' ')[2] ?? ''}`
    if (output.kind === 'done') return `done: ${output.command}`
    return output.kind === 'queue-deleted' ? `queue-deleted: ${output.reason}` : output.kind
  }

  #noteBefore(core: CoreChannel, command: ChannelCommand): void {
    // A queue that is busy takes acknowledgements before publishes.
    if (command.kind === 'tx-commit' && core.held.has('publish') && core.held.size > 1) this.#leftOpen = true
    if (command.kind === 'publish' || command.kind === 'acknowledge' || command.kind === 'reject')
      core.held.add(command.kind)
    if (command.kind === 'tx-commit' || command.kind === 'tx-rollback') core.held.clear()
    if (command.kind === 'consume' && command.noAck === true) this.#noAck.add(command.tag)
    if (command.kind === 'cancel') core.consumers.splice(core.consumers.indexOf(command.tag), 1)
    if (command.kind === 'recover') core.outstanding.length = 0
    if (command.kind !== 'acknowledge' && command.kind !== 'reject') return
    const settled = core.outstanding.filter(({ tag }) =>
      command.multiple === true ? tag <= command.tag : tag === command.tag,
    )
    if (settled.some(({ tag }) => tag === command.tag))
      settled.forEach((delivery) => core.outstanding.splice(core.outstanding.indexOf(delivery), 1))
  }

  #noteAfter(core: CoreChannel, command: ChannelCommand, outputs: readonly Output[]): void {
    if (command.kind === 'consume' && answerOf(outputs, core.number) === 'consuming') core.consumers.push(command.tag)
    if (command.kind === 'tx-select' && answerOf(outputs, core.number) === 'done') core.isTransactional = true
  }

  #pairTag(core: CoreChannel, outputs: readonly Output[], realTag: number, noAck: boolean): void {
    const got = outputs.find((output) => output.kind === 'got')
    if (got === undefined || noAck) return
    core.outstanding.push({ tag: got.tag, consumer: undefined, index: 0, realTag })
    core.outstanding.sort((one, other) => one.tag - other.tag)
  }

  /** The command with the server's delivery tag for the core's. */
  #translate(core: CoreChannel, command: ChannelCommand): ChannelCommand {
    if (command.kind !== 'acknowledge' && command.kind !== 'reject') return command
    const delivery = core.outstanding.find(({ tag }) => tag === command.tag)
    return delivery?.realTag === undefined ? command : { ...command, tag: delivery.realTag }
  }

  async #openChannel(index: number): Promise<void> {
    const core = new CoreChannel(this.#nextChannel++)
    const real = await RealChannel.open(this.#connection)
    this.#channels[index] = { core, real }
    this.#core.execute({ kind: 'open-channel', channel: core.number, connection: 'only' }, this.#now)
  }

  /** Waits until both sides have seen the same. */
  async #agree(): Promise<void> {
    const deadline = Date.now() + patience
    for (const { real } of this.#channels) await real.reached()
    for (let round = 1; ; round++) {
      const difference = await this.#difference()
      // Once is not enough: a queue answers questions before it looks at the messages that wait for it.
      if (difference === undefined && round >= 2) break
      if (difference !== undefined && Date.now() > deadline) throw this.#describe(difference)
      if (round > 5) await sleep(1)
    }
    this.#pairTags()
  }

  async #difference(): Promise<string | undefined> {
    for (const queue of this.#core.virtualHost.queues) {
      const expected = `${queue.ready.length} messages, ${queue.consumers.count} consumers`
      const found = await this.#observer.execute({ kind: 'declare-queue', channel: 0, passive: true, name: queue.name })
      if (this.#observer.seen.closed !== undefined)
        return `the server has no queue ${queue.name}, the core has ${expected}`
      if (found !== expected) return `queue ${queue.name}: the server has ${found ?? 'nothing'}, the core ${expected}`
    }
    for (const { core, real } of this.#channels) {
      await real.reached()
      if (core.seen.text !== real.seen.text)
        return `channel ${core.number}: the server\n${real.seen.text}\nthe core\n${core.seen.text}`
    }
    return undefined
  }

  #pairTags(): void {
    for (const { core, real } of this.#channels) {
      for (const delivery of core.outstanding) {
        if (delivery.consumer === undefined || delivery.realTag !== undefined) continue
        delivery.realTag = real.seen.deliveries.get(delivery.consumer)?.[delivery.index]?.tag ?? -1
      }
    }
  }

  #expectSame(what: string, expected: string | undefined, found: string | undefined): void {
    if (expected !== found)
      throw this.#describe(`${what}: the server ${found ?? 'nothing'}, the core ${expected ?? 'nothing'}`)
  }

  #describe(difference: string): Difference {
    return new Difference(`${difference}\nafter\n${this.#story.join('\n')}`)
  }
}

/**
 * Deliveries from two queues reach a channel in either order, so "all up to this one" may mean different deliveries to the core and to the
 * server; then only the one is settled.
 */
function unambiguous(core: CoreChannel, command: ChannelCommand): ChannelCommand {
  if (command.kind !== 'acknowledge' && command.kind !== 'reject') return command
  const last = core.outstanding.find(({ tag }) => tag === command.tag)?.realTag ?? 0
  const same = core.outstanding.every(({ tag, realTag = 0 }) => tag <= command.tag === realTag <= last)
  return same ? command : { ...command, multiple: false }
}

/** Whether messages came to one queue from several sides at once: from an exchange and from another queue, or from two. */
function isLeftOpen(outputs: readonly Output[]): boolean {
  const senders = new Map<string, Set<string>>()
  const note = (queue: string, sender: string) => senders.set(queue, new Set([...(senders.get(queue) ?? []), sender]))
  for (const output of outputs) {
    if (output.kind === 'enqueued' && output.message.deaths === undefined) note(output.queue, 'an exchange')
    if (output.kind === 'dead-lettered') for (const queue of output.to) note(queue, output.from)
  }
  return [...senders.values()].some((from) => from.size > 1)
}
