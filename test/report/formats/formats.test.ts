import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse as parseCsv } from 'csv-parse/sync'
import { parseEDNString } from 'edn-data'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import { diagramViews } from '../../../src/report/diagram/views.ts'
import { chromeTrace } from '../../../src/report/formats/chrome-trace.ts'
import { verdictsCsv } from '../../../src/report/formats/csv.ts'
import { ednHistory } from '../../../src/report/formats/edn.ts'
import { exportFormats } from '../../../src/report/formats/formats.ts'
import { githubAnnotations } from '../../../src/report/formats/github-annotations.ts'
import { junitXml } from '../../../src/report/formats/junit.ts'
import { shivizExpression, shivizLog } from '../../../src/report/formats/shiviz.ts'
import { storiesTold } from '../../../src/report/story/saved.ts'
import { run, type Run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { hostile, sampleRun, sampleScenario } from '../sample-run.ts'

const source = { file: 'scenarios/a lesson.yaml', set: [] }

function lesson(name: string, set: readonly string[] = []): Run {
  const file = path.resolve(import.meta.dirname, '../../../scenarios', `${name}.yaml`)
  const parsed = parseScenario(readFileSync(file, 'utf8'), catalogue, { file: name, set })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  return run(parsed.scenario)
}

/** A run in which a guarantee is broken that was to hold. */
function failing(): Run {
  const ran = sampleRun()
  const rows = ran.rows.map((row) =>
    row.guarantee === 'no-duplicates' ? { ...row, expected: 'holds' as const, met: false } : row,
  )
  return { ...ran, rows, conclusion: 'not-as-expected' }
}

const hostileRun = (): Run =>
  sampleRun(
    { scenario: { ...sampleScenario(hostile), name: hostile, variant: '=1+1,"' }, notes: [hostile] },
    { shop: hostile },
  )

const whole = (parts: Iterable<string>): string => [...parts].join('')

describe('the JUnit report', () => {
  const reader = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
  })

  it('has a test for each guarantee and threshold, and fails only where it did not come out as expected', async () => {
    const [suite] = reader.parse(await junitXml([{ run: failing(), source }])).testsuites.testsuite
    expect(suite).toMatchObject({ tests: '5', failures: '1', skipped: '1' })
    const failed = suite.testcase.filter((test: object) => 'failure' in test)
    expect(failed).toMatchObject([{ name: 'billing no-duplicates (effect)', file: source.file }])
    expect(JSON.stringify(failed[0])).toContain(
      'billing-1 crashed (crash struck billing-1 in the step of effect-applied, before anything was sent)',
    )
    expect(JSON.stringify(failed[0])).toContain("again: npx onceproof run 'scenarios/a lesson.yaml'")
  })

  it('passes a violation that a lesson expects', async () => {
    const [suite] = reader.parse(await junitXml([{ run: sampleRun(), source }])).testsuites.testsuite
    expect(suite).toMatchObject({ failures: '0' })
  })

  it('is well formed whatever users call things, and the same each time', async () => {
    const xml = await junitXml([{ run: hostileRun(), source }])
    expect(XMLValidator.validate(xml)).toBe(true)
    expect(xml).not.toContain('\u001b')
    expect(await junitXml([{ run: hostileRun(), source }])).toBe(xml)
  })
})

describe('the annotations for GitHub', () => {
  it('are none when everything is as expected', () => {
    expect(githubAnnotations([{ run: sampleRun(), source }])).toEqual([])
  })

  it('are one for each run, on its file, with everything that broke in it', () => {
    const [line = '', ...others] = githubAnnotations([{ run: failing(), source }])
    expect(others).toEqual([])
    expect(line).toMatch(
      /^::error file=scenarios\/a lesson\.yaml,line=1,title=01-delivery\/at-least-once%3A not as expected::/,
    )
    expect(line).toContain('billing no-duplicates (effect): BROKEN, but this lesson expects it to hold%0A')
  })

  it('tell the story of what was not to break, and not of what was', () => {
    const ran = lesson('01-delivery/two-hops', ['expect.mailing.no-duplicates/effect=holds'])
    const [line = ''] = githubAnnotations([{ run: ran, source }])
    expect(line).toContain('order-17/invoice#1 was applied twice by mailing')
    expect(line).not.toContain('applied twice by billing')
  })

  it('are grouped where there are too many', () => {
    const lines = githubAnnotations(Array.from({ length: 25 }, () => ({ run: failing(), source })))
    expect(lines).toHaveLength(10)
    expect(lines.at(-1)).toContain('16 more runs')
  })

  it('let no name begin a command of its own', () => {
    const lines = githubAnnotations([
      { run: { ...hostileRun(), conclusion: 'undecided' }, source: { ...source, file: 'a,b:c\n::error::x' } },
    ])
    expect(lines.join('\n').split('\n')).toHaveLength(1)
    expect(lines[0]).toContain('file=a%2Cb%3Ac')
  })
})

describe('the table of verdicts', () => {
  it('is read back by a parser of CSV, a line for each verdict', () => {
    const ran = hostileRun()
    const rows: readonly Readonly<Record<string, string>>[] = parseCsv(verdictsCsv([ran]), { columns: true })
    expect(rows).toHaveLength(ran.rows.length)
    expect(rows[1]).toMatchObject({
      guarantee: 'no-duplicates',
      verdict: 'violated',
      expected: 'violated',
      met: 'true',
      variant: `'=1+1,"`,
    })
    expect(rows[3]).toMatchObject({ guarantee: 'ordered-per-key', expected: '', violations: '0' })
  })
})

interface TraceEvent {
  readonly ph: string
  readonly pid: number
  readonly ts?: number
  readonly id?: number
  readonly name: string
  readonly cat?: string
}

describe('the trace', () => {
  const { traceEvents }: { traceEvents: readonly TraceEvent[] } = JSON.parse(
    whole(chromeTrace(lesson('00-the-tutorials/02-process-then-acknowledge'))),
  )

  it('has a process for each node and one for faults', () => {
    const names = traceEvents.filter(({ ph }) => ph === 'M')
    expect(new Set(names.map(({ pid }) => pid)).size).toBe(names.length)
    expect(JSON.stringify(names)).toContain('"args":{"name":"ledger"}')
  })

  it('begins and ends what was handled, and draws an arrow from each cause at another node', () => {
    const count = (phase: string): number => traceEvents.filter(({ ph }) => ph === phase).length
    expect(count('b')).toBe(50)
    expect(count('e')).toBe(count('b'))
    expect(count('f')).toBe(count('s'))
    expect(count('s')).toBeGreaterThan(100)
    for (const { ph, id, ts = 0 } of traceEvents.filter(({ ph: phase }) => phase === 'f'))
      expect(traceEvents.find((one) => one.ph === 's' && one.id === id)?.ts, `${ph} ${id}`).toBeLessThanOrEqual(ts)
  })

  it('shows what was down as long as it was', () => {
    const down = traceEvents.filter(({ cat }) => cat === 'down')
    expect(down).toMatchObject([{ name: 'billing down', ts: 175_536, dur: 1_000_000 }])
  })
})

describe('the log for ShiViz', () => {
  const log = whole(shivizLog(lesson('00-the-tutorials/02-process-then-acknowledge')))
  const entries = [...log.matchAll(new RegExp(shivizExpression, 'g'))].map(({ groups }) => ({
    host: groups?.['host'] ?? '',
    clock: JSON.parse(groups?.['clock'] ?? '{}') as Readonly<Record<string, number>>,
    event: groups?.['event'] ?? '',
  }))

  it('is read by its expression, an entry for each fact, each host counting its own one by one', () => {
    expect(entries).toHaveLength(log.trimEnd().split('\n').length / 2)
    const counts = new Map<string, number>()
    for (const { host, clock } of entries) {
      expect(clock[host]).toBe((counts.get(host) ?? 0) + 1)
      counts.set(host, (counts.get(host) ?? 0) + 1)
    }
  })

  it('knows at the second effect of the crash between the two', () => {
    const crash = entries.find(({ event }) => event.includes('billing crashed'))
    const again = entries.findLast(({ event }) => event.includes('applied order-17'))
    expect(again?.clock['billing']).toBeGreaterThanOrEqual(crash?.clock['billing'] ?? Infinity)
  })
})

describe('the history in the form of Jepsen', () => {
  const lines = whole(ednHistory(lesson('01-delivery/at-least-once')))
    .trimEnd()
    .split('\n')
  const operations = lines.map(
    (line) => parseEDNString(line, { mapAs: 'object', keywordAs: 'string' }) as Readonly<Record<string, unknown>>,
  )

  it('is read by a parser of EDN, in order', () => {
    expect(operations.map((operation) => operation['index'])).toEqual(operations.map((_, place) => place))
    expect(operations.find((operation) => operation['process'] === 'nemesis')).toMatchObject({
      type: 'info',
      f: 'start-reset-connections',
    })
  })

  it('lets each process have one thing open at a time, and says what nobody knows', () => {
    const open = new Set<unknown>()
    for (const { process, type, f } of operations.filter((operation) => operation['f'] === 'send')) {
      expect(open.has(process)).toBe(type !== 'invoke')
      if (type === 'invoke') open.add(process)
      else open.delete(process)
      expect(f).toBe('send')
    }
    expect(operations.filter(({ type, f }) => type === 'info' && f === 'send')).toMatchObject([{ value: 'order-17' }])
  })

  it('is read whatever users call things', () => {
    const text = whole(ednHistory(hostileRun()))
    for (const line of text.trimEnd().split('\n')) expect(() => parseEDNString(line)).not.toThrow()
  })
})

describe('the sequence diagram', () => {
  it('has a line for each packet and note, between participants that it names', () => {
    const ran = sampleRun()
    const { stories } = diagramViews(ran, storiesTold(ran), undefined)
    const mermaid = exportFormats.find(({ name }) => name === 'mermaid')
    const lines = whole(mermaid?.write(ran, stories[0]) ?? [])
      .trimEnd()
      .split('\n')
    expect(lines[0]).toBe('sequenceDiagram')
    const participants = lines.flatMap((line) => /^ {2}participant (n\d+) as \S/.exec(line)?.[1] ?? [])
    expect(participants.length).toBeGreaterThan(3)
    for (const line of lines.slice(2 + participants.length)) {
      expect(line).toMatch(/^ {2}(n\d+(->>|-->>|--x)n\d+|Note over n\d+): [^:;#<>]+$/)
      for (const [used] of line.split(': ')[0]?.matchAll(/n\d+/g) ?? []) expect(participants).toContain(used)
    }
  })
})

describe('every format', () => {
  it.each(exportFormats)('$name is the same to the byte for the same run', ({ write }) => {
    const [one, other] = [lesson('01-delivery/at-least-once'), lesson('01-delivery/at-least-once')]
    const picture = (ran: Run) => diagramViews(ran, storiesTold(ran), undefined).stories[0]
    expect(whole(write(one, picture(one)) ?? [])).toBe(whole(write(other, picture(other)) ?? []))
  })
})
