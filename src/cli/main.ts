#!/usr/bin/env node
import { commandLine, sayInternalError } from './command-line.ts'
import { exitCodes } from './exit-code.ts'
import { tolerateClosedPipes } from './output.ts'

const args = process.argv.slice(2)

tolerateClosedPipes()
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    sayInternalError(error, args)
    process.exit(exitCodes.internalError)
  })
}

// No exit: what has been written to a pipe has to arrive first.
process.exitCode = await commandLine(args)
