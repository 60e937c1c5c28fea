import { errorText } from '../bridge/error-text.ts'
import type { DeliveryCheck, FixtureMessage } from './check.ts'
import { described } from './described.ts'
import { whyNotSent } from './fixture.ts'
import type { Say } from './read-versions.ts'

/** The messages of a check, or the file of a trace; what is wrong with them is said. `count` is asked where a function makes them. */
export function readMessages(
  messages: DeliveryCheck['messages'],
  count: () => number,
  say: Say,
): readonly FixtureMessage[] | string {
  if (typeof messages === 'string') return messages
  if (typeof messages === 'function') return sendable(made(messages, count(), say), say)
  if (Array.isArray(messages)) {
    if (messages.length === 0) say('`messages` is empty: there is nothing to deliver')
    return sendable(messages, say)
  }
  const found = messages === undefined ? 'no messages are given' : `\`messages\` is ${described(messages)}`
  say(`${found}: expected a list of { key, value }, a function of a number, or the file of a trace`)
  return []
}

function made(make: (n: number) => FixtureMessage, count: number, say: Say): readonly FixtureMessage[] {
  try {
    return Array.from({ length: count }, (_, n) => make(n))
  } catch (error) {
    say(`\`messages\` threw: ${errorText(error)}`)
    return []
  }
}

/** The first that nobody could send is told; others are likely to be like it. */
function sendable(messages: readonly FixtureMessage[], say: Say): readonly FixtureMessage[] {
  for (const [n, message] of messages.entries()) {
    const problem = whyNotSent(message)
    if (problem === undefined) continue
    say(`message ${n} ${problem}`)
    return []
  }
  return messages
}
