import type { ShapedHandler } from '../bridge/shaped-handler.ts'
import { isShaped } from '../bridge/shaped-handler.ts'
import type { AnyHandler, ConsumerFactory, DeliveryCheck } from './check.ts'
import { described } from './described.ts'

/** Takes a sentence about what is wrong. */
export type Say = (problem: string) => void

/** The versions of the code under test in the order in which they are deployed; what is wrong with them is said. */
export function readVersions({ consumer, handle }: DeliveryCheck, say: Say): readonly ConsumerFactory[] {
  if (consumer !== undefined && handle !== undefined) say('expected `consumer` or `handle`, found both')
  if (consumer === undefined && handle === undefined)
    say('there is nothing to test: expected `consumer: () => async (message, tools) => { ... }`, or `handle`')
  if (handle !== undefined) return [fromHandler(handle, say)]
  if (consumer === undefined) return []
  if (typeof consumer !== 'object' || consumer === null) return [factory('consumer', consumer, say)]
  if (isShaped(consumer)) return refusedShape(consumer, say)
  return [factory('consumer.from', consumer.from, say), factory('consumer.to', consumer.to, say)]
}

function fromHandler(handle: AnyHandler, say: Say): ConsumerFactory {
  if (typeof handle !== 'function' && !isShaped(handle))
    say(`\`handle\` is ${described(handle)}: expected a handler, \`async (message, tools) => { ... }\``)
  return () => handle
}

function factory(name: string, code: ConsumerFactory, say: Say): ConsumerFactory {
  if (typeof code !== 'function')
    say(
      `\`${name}\` is ${described(code)}: expected a function that gives the handler, \`(tools) => async (message) => { ... }\``,
    )
  return code
}

function refusedShape({ shape }: ShapedHandler, say: Say): readonly [] {
  say(`\`consumer\` is a ${shape}: expected what makes one for each process, \`() => ${shape}(...)\``)
  return []
}
