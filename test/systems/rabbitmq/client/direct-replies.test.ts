import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../../src/pipeline/catalogue.ts'
import { run } from '../../../../src/run.ts'
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts'

/** What became of the questions of two clients that ask three servers and want their replies directly. */
function ask(clientOptions = '', more = '') {
  const parsed = parseScenario(
    `
title: Direct replies
systems: { rabbit: { rabbitmq: { queues: { questions: {} } } } }
services:
  client:
    members: 2
    asks: { requests: rabbit/questions, replies: rabbit/amq.rabbitmq.reply-to, name: question, messages: 30, rate: 100/s, timeout: 1s ${clientOptions} }
    producer: { confirms: true, republish: 3 }
  server: { receives: rabbit/questions, members: 3, replies: true, handling: { takes: 20ms, varies: 80% } }
${more}`,
    catalogue,
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { rows, history, conclusion } = run(parsed.scenario)
  const of = (kind: string): number => [...history].filter((fact) => fact.kind === kind).length
  const verdict = (guarantee: string): string | undefined =>
    rows.find((row) => row.service === 'client' && row.guarantee === guarantee && row.level === 'effect')?.verdict
  return { of, verdict, conclusion, audit: rows.find(({ guarantee }) => guarantee === 'accounted')?.verdict }
}

describe('Direct replies', () => {
  it('come to whichever of the clients asked, and stay in no queue', () => {
    const { of, verdict, audit } = ask()
    expect(verdict('exactly-once')).toBe('holds')
    expect(of('effect-skipped')).toBe(0)
    expect(of('copy-remained')).toBe(0)
    expect(audit).toBe('holds')
  })

  it('go nowhere when the channel that asked is gone, and come again to who asks again', () => {
    const fault =
      'faults:\n  - { when: { fact: handed-out, message: question-9 }, reset-connections: [any client, rabbit] }'
    expect(ask('', fault).verdict('no-loss')).toBe('violated')
    expect(ask(', on-timeout: ask-again', fault).verdict('no-loss')).toBe('holds')
  })

  it('are for those who ask', () => {
    const text = `
title: Nobody asked
systems: { rabbit: { rabbitmq: { queues: { questions: {} } } } }
services:
  shop: { sends: rabbit/questions }
  client: { receives: rabbit/amq.rabbitmq.reply-to }
`
    const parsed = parseScenario(text, catalogue)
    expect(parsed.ok ? [] : parsed.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('only who asks'),
    ])
  })
})

describe('Whoever does not look at correlation ids', () => {
  it('takes the answers of other questions for its own', () => {
    const { of, verdict } = ask(', correlation: unchecked')
    expect(of('effect-skipped')).toBeGreaterThan(0)
    expect(verdict('no-loss')).toBe('violated')
  })
})
