import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import { remedyText } from '../../../src/report/story/remedy.ts'
import { storiesTold } from '../../../src/report/story/saved.ts'
import { run, type Run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'

/** A consumer that dies between its effect and its acknowledgement, with another kind of store each. */
function ranWith(store: string, set: readonly string[] = []): Run {
  const text = `
systems: { queue: { memory: { queues: { orders: { visibility-timeout: 5s } } } } }
stores: { bills: { ${store}: {} } }
services:
  shop: { sends: { to: queue/orders, messages: 30, rate: 100/s } }
  billing: { receives: queue/orders, handling: { store: bills, effect: billed } }
faults:
  - { when: { fact: effect-applied, message: order-17 }, crash: billing, for: 1s }
`
  const parsed = parseScenario(text, catalogue, { set })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  return run(parsed.scenario)
}

function effectOf({ rows }: Run): string | undefined {
  return rows.find(({ guarantee, level }) => guarantee === 'no-duplicates' && level === 'effect')?.verdict
}

describe('what to do where no variant of a scenario shows it', () => {
  it.each(['ledger', 'database', 'api'])('makes the effect come once, once it is done: %s', (store) => {
    const ran = ranWith(store)
    expect(effectOf(ran)).toBe('violated')
    const told = storiesTold(ran).flatMap(({ remedy }) => (remedy === undefined ? [] : [remedyText(remedy)]))
    const [, option = '', value = ''] = /With (\S+): (\S+) the effect comes once/.exec(told.join('\n')) ?? []
    expect(effectOf(ranWith(store, [`${option}=${value}`]))).toBe('holds')
  })
})
