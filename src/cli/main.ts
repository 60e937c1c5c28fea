#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'
import { commandLine, sayInternalError } from './command-line.ts'
import { exitCodes } from './exit-code.ts'
import { tolerateClosedPipes } from './output.ts'

// The engine would move what lives as long as a run to where rubbish is seldom collected. One such object of a run that is over keeps
// all of it alive, and a search makes thousands of runs.
setFlagsFromString('--no-allocation-site-pretenuring')

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
