import type { FactKind } from '../../../../src/history/fact.ts'
import { neutralFacts } from '../../../../src/history/facts.ts'
import type { PlainFact } from '../../../../src/history/plain-fact.ts'
import { plainFactOf } from '../../../../src/history/plain-fact.ts'
import { catalogue } from '../../../../src/pipeline/catalogue.ts'
import type { Run } from '../../../../src/run.ts'
import { run } from '../../../../src/run.ts'
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../../src/scenario/problem.ts'
import { kinesisFacts } from '../../../../src/systems/kinesis/facts.ts'

interface Design {
  readonly seed?: string
  readonly stream?: object
  readonly sends?: object
  readonly producer?: object
  readonly consumer?: object
  readonly handling?: object
  readonly members?: number
  readonly faults?: readonly object[]
}

/** A shop that puts twenty orders into a stream, and an application that reads them from the trim horizon on; what differs from that. */
export function runOf({
  seed = 'a test',
  stream = {},
  sends,
  producer = {},
  consumer,
  handling,
  members = 1,
  faults = [],
}: Design): Run {
  const document = {
    title: 'a test',
    seed,
    systems: { events: { kinesis: { streams: { orders: stream } } } },
    services: {
      shop: { sends: { to: 'events/orders', messages: 20, rate: '20/s', ...sends }, producer },
      billing: {
        receives: 'events/orders',
        members,
        consumer: { initialPositionInStream: 'TRIM_HORIZON', ...consumer },
        handling: { effect: 'billed', ...handling },
      },
    },
    faults,
  }
  const parsed = parseScenario(JSON.stringify(document), catalogue)
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  return run(parsed.scenario)
}

const kinds = new Map<string, FactKind>([...neutralFacts, ...kinesisFacts].map((kind) => [kind.name, kind]))

/** Facts of a kind, in their order. */
export function factsOf({ history }: Run, wanted: string): readonly PlainFact[] {
  return Array.from({ length: history.length }, (_, index) => history.at(index)).flatMap((fact) => {
    const kind = fact.kind === wanted ? kinds.get(fact.kind) : undefined
    return kind === undefined ? [] : [plainFactOf(fact, kind, history.names)]
  })
}

/** The messages that had an effect, in the order of their first. */
export function billed(result: Run): readonly string[] {
  return [...new Set(factsOf(result, 'effect-applied').map(({ message }) => String(message)))]
}
