import RedisParser from 'redis-parser'

/** Reads the commands that a client writes: each is a list of texts. A command may come in several pieces. */
export class CommandReader {
  readonly #commands: (readonly string[])[] = []
  readonly #parser = new RedisParser({
    returnBuffers: true,
    returnReply: (command: unknown) => void this.#commands.push(wordsOf(command)),
    returnError: () => {},
    returnFatalError: (error: Error) => {
      throw error
    },
  })

  /** The commands that are complete with this piece. */
  read(chunk: Buffer): readonly (readonly string[])[] {
    this.#parser.execute(chunk)
    return this.#commands.splice(0)
  }
}

function wordsOf(command: unknown): readonly string[] {
  return Array.isArray(command)
    ? command.map((word) => (Buffer.isBuffer(word) ? word.toString('latin1') : String(word)))
    : []
}
