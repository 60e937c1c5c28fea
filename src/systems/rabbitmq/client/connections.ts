import type { Process } from '../../../simulation/process.ts'
import type { ConsumerValues, ProducerValues } from './client-settings.ts'
import { connectionSettings } from './client-settings.ts'
import { AmqpConnection } from './connection.ts'

/** The connections of all processes to one broker: one for each producer and consumer, but for those that share one by its name. */
export class Connections {
  readonly #broker: string
  readonly #shared = new WeakMap<Process, Map<string, AmqpConnection>>()

  constructor(broker: string) {
    this.#broker = broker
  }

  /** The first who names a connection decides how it is kept. */
  of(process: Process, values: ProducerValues | ConsumerValues): AmqpConnection {
    const { connection: name } = values
    const open = (): AmqpConnection => new AmqpConnection(process, this.#broker, connectionSettings(values))
    if (name === null) return open()
    const ofProcess = this.#shared.get(process) ?? new Map<string, AmqpConnection>()
    this.#shared.set(process, ofProcess)
    const known = ofProcess.get(name)
    if (known !== undefined) return known
    const connection = open()
    ofProcess.set(name, connection)
    return connection
  }
}
