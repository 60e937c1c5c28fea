import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelModel } from 'amqplib'
import { connect } from 'amqplib'
import { Broker } from '../../../../src/systems/rabbitmq/core/broker.ts'
import type { Output } from '../../../../src/systems/rabbitmq/core/output.ts'
import type { Method } from '../../../../src/systems/rabbitmq/protocol.ts'
import { answerOf, CoreChannel } from './core-channel.ts'
import type { EdgeCase } from './edge-cases.ts'
import { edgeCases, edgeNames } from './edge-cases.ts'
import { RealChannel } from './real-channel.ts'

/** Milliseconds that the server has to come to the same. */
const patience = 1_500
/** Cases at a time. */
const width = 12

/** Plays every case at the edge on the core and on a real server; what differed, and how many there were. */
export async function compareEdges(url: string): Promise<{ cases: number; differences: readonly string[] }> {
  const connection = await connect(url)
  const open = edgeCases(edgeNames('')).map((_case, index) => index)
  const cases = open.length
  const differences: string[] = []
  const work = async (): Promise<void> => {
    for (let index = open.shift(); index !== undefined; index = open.shift()) {
      const difference = (await play(index, `edge${index}`)) && (await play(index, `again${index}`))
      if (difference !== undefined) differences.push(difference)
    }
  }
  // A dead letter goes from one process of the server to another, and who asks at once may come before it: what counts comes again.
  const play = async (index: number, prefix: string): Promise<string | undefined> => {
    const names = edgeNames(prefix)
    const found = edgeCases(names)[index]
    const difference = found === undefined ? undefined : await compare(found, connection)
    await cleanUp(connection, [...names.queues], [...names.exchanges])
    return difference
  }
  await Promise.all(Array.from({ length: width }, work))
  await connection.close()
  return { cases, differences }
}

async function compare({ what, methods }: EdgeCase, connection: ChannelModel): Promise<string | undefined> {
  const [broker, core] = [new Broker({ version: '3.10', confirms: 'at-once' }), new CoreChannel(1)]
  broker.execute({ kind: 'open-channel', channel: 1, connection: 'only' }, 0)
  const real = await RealChannel.open(connection)
  for (const method of methods) {
    const expected = inCore(broker, core, method)
    const answer = await real.execute({ channel: 1, ...method })
    const found = (): string => `${String(answer)} ${real.seen.text}`
    await real.reached()
    for (const deadline = Date.now() + patience; found() !== expected && Date.now() < deadline; await sleep(5));
    if (found() !== expected) return `${what}, ${method.kind}: the server\n${found()}\nthe core\n${expected}`
    if (real.seen.closed !== undefined) return undefined
  }
  await real.close()
  return undefined
}

/** What the client of the core has seen after this, with the answer. */
function inCore(broker: Broker, core: CoreChannel, method: Method): string {
  const outputs: Output[] = [...broker.execute({ channel: 1, ...method }, 0)]
  outputs.push(...broker.execute({ kind: 'synced', write: broker.written }, 0))
  for (const output of outputs) core.see(output, new Set())
  return `${String(core.seen.closed === undefined ? answerOf(outputs, 1) : undefined)} ${core.seen.text}`
}

async function cleanUp(connection: ChannelModel, queues: string[], exchanges: string[]): Promise<void> {
  const channel = await RealChannel.open(connection)
  for (const name of queues) await channel.execute({ kind: 'delete-queue', channel: 1, name })
  for (const name of exchanges) await channel.execute({ kind: 'delete-exchange', channel: 1, name })
  await channel.close()
}
