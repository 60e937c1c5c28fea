import type { Inside, Origin, OriginOf } from '../bridge/inside.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { asked, WrongCheck } from '../wrong-check.ts'
import type { OutputOfCheck } from './sends-of-check.ts'

/**
 * Says of what a message is that the code in a process sends: of the operation that the check says it is about. Outside of any handling nobody else
 * knows, and what has no origin would be taken for lost.
 */
export function originOfSent(
  inside: Inside,
  sends: readonly OutputOfCheck[],
  origins: ReadonlyMap<string, Origin>,
): OriginOf {
  return (output, message) => {
    const declared = sends.find(({ name }) => name === output)
    if (declared === undefined) return undefined
    const { about, guarantees } = declared
    if (about === undefined) {
      if (inside.handling === undefined && guarantees.length > 0) throw givenUp(inside, untold(output))
      return undefined
    }
    const operation = asked(
      () => `\`about\` of the output ${output}`,
      () => about(message),
    )
    if (operation === undefined || operation === null) return undefined
    const origin = origins.get(String(operation))
    if (origin === undefined) throw givenUp(inside, unknownOperation(output, operation))
    return origin
  }
}

/** The messages of a check by what they are about: the first of each. */
export function originsIn({ services }: Scenario): ReadonlyMap<string, Origin> {
  const origins = new Map<string, Origin>()
  for (const { name, workload } of services.flatMap(({ sends }) => sends)) {
    if (workload.kind !== 'trace') continue
    for (const [n, { operation }] of workload.messages.entries()) {
      const message = `${name}-${n}`
      const of = operation ?? message
      if (!origins.has(of)) origins.set(of, { message, operation: of })
    }
  }
  return origins
}

function givenUp(inside: Inside, reason: string): WrongCheck {
  const wrong = new WrongCheck(reason)
  inside.giveUp(wrong)
  return wrong
}

function untold(output: string): string {
  return `the code sends to ${output} outside of any handling (from a timer, or a worker), and nobody knows what that is about: say so, \`sends: { '${output}': { about: ({ value }) => ... } }\``
}

function unknownOperation(output: string, operation: unknown): string {
  return `\`about\` of the output ${output} gives ${String(operation)}, and no message of the check is about that: it must be what \`operation\` gives`
}
