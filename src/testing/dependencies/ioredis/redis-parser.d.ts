declare module 'redis-parser' {
  interface ParserOptions {
    readonly returnBuffers: boolean
    returnReply(reply: unknown): void
    returnError(error: Error): void
    returnFatalError(error: Error): void
  }

  /** Reads values of the protocol, whichever way they go. */
  class RedisParser {
    constructor(options: ParserOptions)
    execute(chunk: Buffer): void
  }

  export = RedisParser
}
