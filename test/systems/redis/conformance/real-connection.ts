import { connect, type Socket } from 'node:net'
import RedisParser from 'redis-parser'
import type { Bulk } from '../../../../src/systems/redis/core/bulk.ts'

/** A connection to a real server that keeps everything it is sent, in its order: answers and messages alike. */
export class RealConnection {
  readonly received: unknown[] = []
  readonly #socket: Socket
  readonly #parser: RedisParser
  #wakeUp: () => void = () => undefined
  lost: string | undefined
  /** By which the server knows it. */
  id = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#parser = new RedisParser({
      returnBuffers: false,
      returnReply: (reply) => this.#take(reply),
      returnError: (error) => this.#take({ error: error.message }),
      returnFatalError: (error) => (this.lost = error.message),
    })
    socket.on('data', (chunk) => this.#parser.execute(chunk))
    socket.on('error', (error) => (this.lost = String(error)))
    socket.setNoDelay(true)
  }

  static async open(port: number): Promise<RealConnection> {
    const socket = await new Promise<Socket>((resolve, reject) => {
      const opened = connect(port, '127.0.0.1', () => resolve(opened))
      opened.once('error', reject)
    })
    const connection = new RealConnection(socket)
    connection.id = Number(await connection.ask('CLIENT', 'ID'))
    return connection
  }

  send(words: readonly Bulk[]): void {
    const parts = words.map((word) => (typeof word === 'string' ? word : `${word.message}`))
    this.#socket.write(
      `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`,
    )
  }

  /** Sends a command and waits for what comes back. */
  async ask(...words: string[]): Promise<unknown> {
    const before = this.received.length
    this.send(words)
    await this.reaches(before + 1)
    return this.received[before]
  }

  /** Waits until it has been sent so many things, or `patience` is over. */
  async reaches(count: number): Promise<boolean> {
    const deadline = Date.now() + patience
    while (this.received.length < count && Date.now() < deadline && this.lost === undefined) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 20)
        this.#wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return this.received.length >= count
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(reply: unknown): void {
    this.received.push(reply)
    this.#wakeUp()
  }
}

/** Milliseconds. */
const patience = 2_000
