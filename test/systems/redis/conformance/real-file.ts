import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import RedisParser from 'redis-parser'

/** The append-only file of a real server. */
export class RealFile {
  readonly #directory: string
  #start = 0

  /** @param directory of the server. */
  constructor(directory: string) {
    this.#directory = join(directory, 'appendonlydir')
  }

  /** From here on. */
  async rewind(): Promise<void> {
    this.#start = (await this.#read()).length
  }

  /** What has been written since, a command a line; which database it is for is not among it. */
  async commands(): Promise<readonly string[]> {
    const commands: string[] = []
    const parser = new RedisParser({
      returnBuffers: false,
      returnReply: (reply) => Array.isArray(reply) && commands.push(reply.join(' ')),
      returnError: () => undefined,
      returnFatalError: (error) => {
        throw error
      },
    })
    parser.execute((await this.#read()).subarray(this.#start))
    return commands.map(normal).filter((command) => !command.startsWith('SELECT'))
  }

  async #read(): Promise<Buffer> {
    const names = await readdir(this.#directory)
    const name = names.find((each) => each.endsWith('.incr.aof'))
    return name === undefined ? Buffer.alloc(0) : readFile(join(this.#directory, name))
  }
}

/** For a client that it serves the server writes the ends of a list in small letters; the core has another greatest id. */
function normal(command: string): string {
  const text = command.replaceAll('18446744073709551615', String(Number.MAX_SAFE_INTEGER))
  return text.startsWith('LMOVE') ? text.replace(/ (left|right)\b/g, (end) => end.toUpperCase()) : text
}
