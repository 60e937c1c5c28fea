import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import { run, type Run } from '../../src/run.ts'

function outcomeOf(text: string): Run {
  const parsed = parseScenario(text, catalogue, { file: 'judging.yaml' })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; '))
  return run(parsed.scenario)
}

/** `service guarantee/level` of everything that was violated. */
function violatedIn({ rows }: Run): readonly string[] {
  return rows
    .filter(({ verdict }) => verdict === 'violated')
    .map(({ service, guarantee, level }) => `${service} ${guarantee}/${level}`)
}

function verdictIn({ rows }: Run, service: string, guarantee: string, level: string): string | undefined {
  return rows.find((row) => row.service === service && row.guarantee === guarantee && row.level === level)?.verdict
}

describe('what is judged end to end', () => {
  it('is what leads there, and not all that a service sends', () => {
    const outcome = outcomeOf(`
systems: { q: { memory: { queues: { orders: {}, bills: {}, logs: {} } } } }
services:
  shop:
    sends: [{ to: q/orders, messages: 10, rate: 100/s }, { to: q/logs, name: log, messages: 10, rate: 100/s }]
  router: { receives: { from: q/orders }, handling: { effect: none }, forwards: { to: q/bills, name: bill } }
  billing: { receives: { from: q/bills } }
  logger: { receives: { from: q/logs } }
`)
    expect(violatedIn(outcome)).toEqual([])
    const row = outcome.rows.find(({ service, guarantee }) => service === 'shop→billing' && guarantee === 'no-loss')
    expect(row).toMatchObject({ verdict: 'holds', judged: 10 })
  })

  it('is not excused by what is parked on another way', () => {
    const outcome = outcomeOf(`
systems:
  a: { memory: { queues: { orders: {} } } }
  b: { memory: { topics: { bills: {} } } }
  c: { memory: { queues: { audits: { attempts: 1 } } } }
services:
  shop: { sends: { to: a/orders, messages: 10, rate: 100/s } }
  router:
    receives: { from: a/orders }
    handling: { effect: none }
    forwards: [{ to: b/bills, name: bill }, { to: c/audits, name: audit }]
  billing: { receives: { from: b/bills, after: 5s } }
  audit: { receives: { from: c/audits }, handling: { fails: { probability: 1 } } }
`)
    expect(verdictIn(outcome, 'shop→billing', 'no-loss', 'delivery')).toBe('violated')
    expect(verdictIn(outcome, 'shop→audit', 'no-loss', 'effect')).toBe('holds')
  })
})

describe('effects', () => {
  it('are expected of the replies alone where the handling of a service that asks has none', () => {
    const outcome = outcomeOf(`
systems: { q: { memory: { queues: { requests: {}, replies: {}, orders: {} } } } }
services:
  shop: { sends: { to: q/orders, messages: 10, rate: 100/s } }
  client:
    receives: { from: q/orders }
    handling: { effect: none }
    asks: { requests: q/requests, replies: q/replies, messages: 5, rate: 10/s }
  server: { receives: { from: q/requests }, replies: true }
`)
    expect(violatedIn(outcome)).toEqual([])
    const row = outcome.rows.find(({ service, level }) => service === 'client' && level === 'effect')
    expect(row).toMatchObject({ guarantee: 'no-loss', judged: 5 })
  })
})

describe('the sequence of what a service submits', () => {
  it('counts over all its workloads', () => {
    const outcome = outcomeOf(`
systems: { q: { memory: { queues: { orders: {} } } } }
services:
  shop:
    sends:
      - { to: q/orders, messages: 30, rate: 100/s, keys: 2 }
      - { to: q/orders, name: refund, messages: 30, rate: 100/s, keys: 2, after: 205ms }
  billing: { receives: { from: q/orders } }
`)
    expect(verdictIn(outcome, 'billing', 'ordered-per-key', 'delivery')).toBe('holds')
  })

  it('is its own for what it forwards, whoever sent what it was made from', () => {
    const outcome = outcomeOf(`
systems: { q: { memory: { queues: { orders: {}, bills: {} } } } }
services:
  shop: { sends: { to: q/orders, messages: 30, rate: 100/s, keys: 2 } }
  web: { sends: { to: q/orders, name: web, messages: 30, rate: 100/s, keys: 2, after: 200ms } }
  router: { receives: { from: q/orders }, handling: { effect: none }, forwards: { to: q/bills, name: bill } }
  billing: { receives: { from: q/bills } }
`)
    expect(verdictIn(outcome, 'billing', 'ordered-per-key', 'delivery')).toBe('holds')
  })
})

describe('outputs of the same name', () => {
  it('are different messages when one service sends them to two places', () => {
    const outcome = outcomeOf(`
systems: { q: { memory: { queues: { orders: {}, bills: {} }, topics: { logs: {} } } } }
services:
  shop: { sends: { to: q/orders, messages: 10, rate: 100/s } }
  router: { receives: { from: q/orders }, handling: { effect: none }, forwards: [{ to: q/bills }, { to: q/logs }] }
  billing: { receives: { from: q/bills } }
  logger: { receives: { from: q/logs, after: 5s } }
`)
    expect(verdictIn(outcome, 'logger', 'no-loss', 'delivery')).toBe('violated')
  })

  it('are different messages when two services make them of the same one', () => {
    const outcome = outcomeOf(`
systems: { q: { memory: { topics: { news: {} }, queues: { bills: {} } } } }
services:
  shop: { sends: { to: q/news, messages: 10, rate: 100/s, after: 100ms } }
  one: { receives: { from: q/news }, handling: { effect: none }, forwards: { to: q/bills } }
  other: { receives: { from: q/news }, handling: { effect: none }, forwards: { to: q/bills } }
  billing: { receives: { from: q/bills } }
`)
    expect(violatedIn(outcome)).toEqual([])
    expect(outcome.rows.find(({ service }) => service === 'billing')).toMatchObject({ judged: 20 })
  })
})

describe('a service that asks', () => {
  const asking = (members: number, fault: string): Run =>
    outcomeOf(`
systems: { q: { memory: { queues: { requests: {}, replies: {} } } } }
services:
  client: { members: ${members}, asks: { requests: q/requests, replies: q/replies, messages: 6, rate: 10/s } }
  server: { receives: { from: q/requests }, replies: true }
${fault}
`)

  it('is done with what it had asked when it crashed', () => {
    const outcome = asking(
      1,
      'faults: [{ when: { fact: submitted, message: request-2 }, cut: after-step, crash: client, for: 1s }]',
    )
    expect(outcome).toMatchObject({ ending: 'settled', waitingFor: '' })
  })

  it('asks each question once, however many members it has', () => {
    expect(verdictIn(asking(2, ''), 'server', 'no-duplicates', 'delivery')).toBe('holds')
  })
})

describe('the conclusion of a run', () => {
  it('is undecided when nothing could be judged and nobody said so', () => {
    const quiet = (expectations: string): Run =>
      outcomeOf(`
systems: { q: { memory: { queues: { orders: {} } } } }
services:
  shop: { sends: { to: q/orders, messages: 3, rate: 100/s, after: 2h } }
  billing: { receives: { from: q/orders } }
${expectations}
`)
    expect(quiet('').conclusion).toBe('undecided')
    expect(quiet('expect: { billing: { no-loss: unknown } }').conclusion).toBe('as-expected')
  })

  it('is not as expected when one level is violated that was to hold, whatever is unknown of the other', () => {
    const outcome = outcomeOf(`
systems: { q: { memory: { queues: { orders: {} } } } }
services:
  shop: { sends: { to: q/orders, messages: 30, rate: 100/s } }
  billing: { receives: { from: q/orders }, handling: { effect: billed, knows: [parcel], on-unknown: requeue } }
expect: { billing: { no-duplicates: holds } }
`)
    expect(verdictIn(outcome, 'billing', 'no-duplicates', 'delivery')).toBe('violated')
    expect(verdictIn(outcome, 'billing', 'no-duplicates', 'effect')).toBe('unknown')
    expect(outcome.conclusion).toBe('not-as-expected')
  })
})
