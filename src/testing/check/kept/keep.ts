import { catalogue } from '../../../pipeline/catalogue.ts'
import { faultDocument } from '../../../scenario/fault-document.ts'
import type { Scenario } from '../../../scenario/scenario.ts'
import { DroppedSecrets } from '../../../scenario/secrets.ts'
import type { FixtureMessage } from '../check.ts'
import type { ReadCheck } from '../read-check.ts'
import type { SmallestCase } from '../smallest-case.ts'
import type { KeptCase, KeptMessage } from './case-file.ts'

/** What has to be kept of a failing run, so that it can be made again with the check as it is by then. */
export function keptCase({ name }: ReadCheck, service: string, { scenario, failure }: SmallestCase): KeptCase {
  const { guarantee, level, kind, sentence } = failure
  return {
    check: name,
    breaks: guarantee,
    level,
    kind,
    says: sentence,
    seed: scenario.seed,
    members: scenario.services.find((spec) => spec.name === service)?.members ?? 1,
    messages: messagesOf(scenario),
    faults: scenario.faults.map((fault) => faultDocument(fault, catalogue)),
  }
}

function messagesOf({ services }: Scenario): readonly KeptMessage[] {
  const workloads = services.flatMap(({ sends }) => sends.map(({ workload }) => workload))
  return workloads.flatMap((workload) =>
    workload.kind === 'trace'
      ? workload.messages.map(({ operation, key, body }, fixture) => ({
          fixture,
          ...(operation === undefined ? {} : { operation }),
          ...(key === '' ? {} : { key }),
          ...(isWritable(body) ? { value: body } : {}),
        }))
      : [],
  )
}

/** Whether a file gives the value back as it was, and may have it. */
function isWritable(value: unknown): boolean {
  if (value === undefined) return false
  const secrets = new DroppedSecrets(catalogue)
  secrets.fromBody(value, [])
  return secrets.dropped.length === 0 && isPlain(value, 20)
}

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth === 0) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false
  return Object.values(value).every((inner) => isPlain(inner, depth - 1))
}

/**
 * The messages of a kept case among those that the check has today: by place and operation, else by operation and key, else as they were
 * kept; the words for what is missing, where one is neither there nor kept.
 */
export function messagesToday(
  { messages }: KeptCase,
  today: readonly FixtureMessage[],
  operationOf: (message: FixtureMessage) => string | undefined,
): readonly FixtureMessage[] | string {
  const found: FixtureMessage[] = []
  for (const kept of messages) {
    const isIt = (message: FixtureMessage | undefined): boolean =>
      message !== undefined && operationOf(message) === kept.operation && (message.key ?? '') === (kept.key ?? '')
    const there = today[kept.fixture]
    const message = isIt(there) ? there : kept.operation === undefined ? undefined : today.find(isIt)
    if (message !== undefined) found.push(message)
    else if (kept.value !== undefined) found.push({ key: kept.key ?? '', value: kept.value })
    else
      return `its message ${kept.fixture}${kept.operation === undefined ? '' : ` about ${kept.operation}`} is no longer there`
  }
  return found
}
