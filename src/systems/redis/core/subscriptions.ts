import type { Bulk } from './bulk.ts'
import type { PubSubCommand } from './command.ts'
import type { Answer } from './execution.ts'
import { matchesGlob } from './glob.ts'
import type { Reply } from './reply.ts'

type Kind = 'channel' | 'pattern' | 'shard channel'

const kinds: Readonly<Record<string, Kind>> = {
  SUBSCRIBE: 'channel',
  UNSUBSCRIBE: 'channel',
  PSUBSCRIBE: 'pattern',
  PUNSUBSCRIBE: 'pattern',
  SSUBSCRIBE: 'shard channel',
  SUNSUBSCRIBE: 'shard channel',
}

type Subscribing = Extract<PubSubCommand, { readonly channels: readonly string[] }>

/** Who listens to what on one server. Nothing that is published is kept. https://redis.io/docs/latest/develop/pubsub/ */
export class Subscriptions {
  /** Clients by what they subscribed to, each in the order of subscribing. */
  readonly #listeners: Readonly<Record<Kind, Map<string, Set<number>>>> = {
    channel: new Map(),
    pattern: new Map(),
    'shard channel': new Map(),
  }

  /** One answer for each channel or pattern; one without any if a client gives up what it never had. */
  change(client: number, command: Subscribing): readonly Reply[] {
    const kind = kinds[command.type] ?? 'channel'
    const isEnd = command.type.includes('UNSUBSCRIBE')
    const names = isEnd && command.channels.length === 0 ? this.#of(client, kind) : command.channels
    const word = wordOf(command)
    if (names.length === 0)
      return [{ type: 'subscribed', kind: word, channel: undefined, count: this.#count(client, kind) }]
    return names.map((channel): Reply => {
      if (isEnd) this.#remove(client, kind, channel)
      else this.#add(client, kind, channel)
      return { type: 'subscribed', kind: word, channel, count: this.#count(client, kind) }
    })
  }

  /** Ends every subscription to a shard channel whose slot has moved away; whoever had one is told. */
  endShardChannel(channel: string): readonly Answer[] {
    const listeners = [...(this.#listeners['shard channel'].get(channel) ?? [])]
    return listeners.map((client) => {
      this.#remove(client, 'shard channel', channel)
      const count = this.#count(client, 'shard channel')
      return { client, reply: { type: 'subscribed', kind: 'sunsubscribe', channel, count } }
    })
  }

  /** One copy for every subscription, so that a client may get several; each pattern comes after the channel itself. */
  publish(command: 'PUBLISH' | 'SPUBLISH', channel: string, message: Bulk): readonly Answer[] {
    const answers: Answer[] = []
    if (command === 'SPUBLISH') {
      for (const client of this.#listeners['shard channel'].get(channel) ?? [])
        answers.push({ client, reply: { type: 'message', kind: 'smessage', channel, message } })
      return answers
    }
    for (const client of this.#listeners.channel.get(channel) ?? [])
      answers.push({ client, reply: { type: 'message', kind: 'message', channel, message } })
    for (const [pattern, clients] of this.#listeners.pattern) {
      if (!matchesGlob(pattern, channel)) continue
      for (const client of clients)
        answers.push({ client, reply: { type: 'message', kind: 'pmessage', pattern, channel, message } })
    }
    return answers
  }

  isSubscribed(client: number): boolean {
    return this.#count(client, 'channel') + this.#count(client, 'shard channel') > 0
  }

  end(client: number): void {
    for (const kind of ['channel', 'pattern', 'shard channel'] as const)
      for (const channel of this.#of(client, kind)) this.#remove(client, kind, channel)
  }

  #add(client: number, kind: Kind, name: string): void {
    const clients = this.#listeners[kind].get(name) ?? new Set()
    this.#listeners[kind].set(name, clients)
    clients.add(client)
  }

  #remove(client: number, kind: Kind, name: string): void {
    const clients = this.#listeners[kind].get(name)
    clients?.delete(client)
    if (clients?.size === 0) this.#listeners[kind].delete(name)
  }

  #of(client: number, kind: Kind): readonly string[] {
    return [...this.#listeners[kind]].filter(([, clients]) => clients.has(client)).map(([name]) => name)
  }

  /** Channels and patterns are counted together, shard channels alone. */
  #count(client: number, kind: Kind): number {
    if (kind === 'shard channel') return this.#of(client, kind).length
    return this.#of(client, 'channel').length + this.#of(client, 'pattern').length
  }
}

type Word = Extract<Reply, { readonly type: 'subscribed' }>['kind']

function wordOf({ type }: Subscribing): Word {
  const words: Readonly<Record<Subscribing['type'], Word>> = {
    SUBSCRIBE: 'subscribe',
    UNSUBSCRIBE: 'unsubscribe',
    PSUBSCRIBE: 'psubscribe',
    PUNSUBSCRIBE: 'punsubscribe',
    SSUBSCRIBE: 'ssubscribe',
    SUNSUBSCRIBE: 'sunsubscribe',
  }
  return words[type]
}
