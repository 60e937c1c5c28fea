import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import { simulate } from '../../../src/pipeline/simulate.ts'
import { storyDiagram } from '../../../src/report/diagram/build.ts'
import type { Diagram } from '../../../src/report/diagram/diagram.ts'
import { diagramFile } from '../../../src/report/diagram/diagram-styles.ts'
import { observedHistory } from '../../../src/report/diagram/observed.ts'
import { diagramViews } from '../../../src/report/diagram/views.ts'
import { diagramScript, diagramScriptDigest } from '../../../src/report/html/diagram-script.ts'
import { htmlReport } from '../../../src/report/html/html.ts'
import { storiesTold } from '../../../src/report/story/saved.ts'
import type { Story } from '../../../src/report/story/story.ts'
import { run, type Run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { hostile, sampleRun } from '../sample-run.ts'

const root = path.resolve(import.meta.dirname, '../../../scenarios')

function runOf(file: string): Run {
  const parsed = parseScenario(readFileSync(path.join(root, `${file}.yaml`), 'utf8'), catalogue, { file })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  return run(parsed.scenario)
}

function firstStory(ran: Run): Story {
  const [story] = storiesTold(ran)
  if (story === undefined) throw new Error('This run has a story.')
  return story
}

function pictureOf(file: string): Diagram {
  const ran = runOf(file)
  const packets = simulate(ran.scenario, { observeNetwork: true }).history
  return storyDiagram(ran, firstStory(ran), observedHistory(ran.history, packets))
}

describe('the diagram of a story', () => {
  it('has a lane for each node that had to do with it, from who sends to what stores, and no other', () => {
    const { lanes } = pictureOf('00-the-tutorials/02-process-then-acknowledge')
    expect(lanes.map(({ name }) => name)).toEqual(['shop', 'queue', 'billing', 'ledger'])
  })

  it('shows a lost packet, with the reason, and the copy that came again', () => {
    const { arrows } = pictureOf('00-the-tutorials/02-process-then-acknowledge')
    expect(arrows.filter(({ lost }) => lost !== undefined)).toMatchObject([
      { about: 'applied', lost: 'connection reset', message: 'order-17' },
    ])
    expect(arrows.filter(({ again }) => again).map(({ about }) => about)).toEqual(['messages', 'apply'])
  })

  it('writes beside the cross of a lost packet, and not over it', () => {
    const drawn = diagramFile(pictureOf('00-the-tutorials/02-process-then-acknowledge'))
    const lost = /<path d="M([\d.]+) ([\d.]+)[^>]* class="x"\/><text x="([\d.]+)" y="([\d.]+)" class="al from">/.exec(
      drawn,
    )
    const [left = NaN, top = NaN, begins = NaN, under = NaN] = lost?.slice(1).map(Number) ?? []
    expect(begins).toBeGreaterThan(left + 10)
    expect(under).toBeGreaterThan(top + 10)
  })

  it('shows the crash as a gap and the evidence as such', () => {
    const { lanes, marks } = pictureOf('00-the-tutorials/02-process-then-acknowledge')
    expect(lanes[2]?.gaps).toEqual([{ kind: 'down', from: 175_536, to: 1_175_536 }])
    expect(marks.filter(({ broken }) => broken).map(({ shape }) => shape)).toEqual(['effect', 'effect'])
  })

  it('shows a partition between the nodes that it cuts, an election, and what was truncated', () => {
    const { bands, marks, lanes } = pictureOf('kafka/produce-acks-1')
    expect(bands.map(({ label, lanes: cut }) => [label, cut.map((lane) => lanes[lane]?.name)])).toEqual([
      ['partition', ['events-1', 'events-2']],
    ])
    expect(marks.map(({ shape }) => shape)).toContain('elected')
    expect(marks.map(({ label }) => label)).toContain('truncated')
  })

  it('shows a pause as a pause and what the group made of it', () => {
    const { lanes, marks } = pictureOf('kafka/group-zombie')
    const paused = lanes.find(({ name }) => name === 'billing-1')
    expect(paused?.gaps.map(({ kind }) => kind)).toContain('paused')
    expect(marks.map(({ shape }) => shape)).toContain('regrouped')
  })

  it('mentions no message but its own', () => {
    const { marks, arrows } = pictureOf('kafka/produce-lost-answer')
    expect(new Set([...marks, ...arrows].map(({ message }) => message).filter((name) => name !== ''))).toEqual(
      new Set(['order-60']),
    )
  })

  it('draws what was caused where no packets were observed', () => {
    const ran = sampleRun()
    const { arrows, lanes } = storyDiagram(ran, firstStory(ran), observedHistory(ran.history, undefined))
    const ways = arrows.map(({ from, to }) => `${lanes[from]?.name} → ${lanes[to]?.name}`)
    expect(ways).toContain('shop → mail-broker')
    expect(ways).toContain('mail-broker → billing-2')
  })
})

describe('the picture of a diagram', () => {
  it('is a file that a parser of XML reads, with a title, a description, and the same bytes each time', () => {
    const svg = diagramFile(pictureOf('kafka/produce-acks-1'))
    expect(XMLValidator.validate(svg)).toBe(true)
    expect(svg).toMatch(/<title .*<\/title><desc .*<\/desc>/)
    expect(diagramFile(pictureOf('kafka/produce-acks-1'))).toBe(svg)
  })

  it('says in its place how much idle time was folded away', () => {
    expect(diagramFile(pictureOf('00-the-tutorials/02-process-then-acknowledge'))).toMatch(/class="fold">.*>30.s</)
  })

  it('has room on its left for long moments: of digits of the width that browsers give them', () => {
    const moments = (file: string): readonly { end: number; text: string }[] =>
      [...diagramFile(pictureOf(file)).matchAll(/<text x="(\d+)"[^>]* class="tick">([\d.]+)/g)].map(
        ([, end = '', text = '']) => ({ end: Number(end), text }),
      )
    const long = moments('kafka/produce-first-batch-overtaken').filter(({ text }) => text.length === 10)
    expect(long).not.toEqual([])
    for (const { end, text } of long) expect(text.length * 6.4 + 9).toBeLessThan(end)
  })

  it('lets no name of a user become a part of it', () => {
    const ran = sampleRun({}, { shop: hostile })
    const page = htmlReport(
      ran,
      [],
      { file: 'a.yaml', set: [] },
      { diagrams: diagramViews(ran, storiesTold(ran), undefined) },
    )
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toContain('\u001b')
  })
})

describe('the program of the page', () => {
  it('is the one that the policy of the page names, and the policy lets no other run', () => {
    const digest = `sha256-${createHash('sha256').update(diagramScript).digest('base64')}`
    expect(diagramScriptDigest).toBe(digest)
    const ran = sampleRun()
    const page = htmlReport(
      ran,
      [],
      { file: 'a.yaml', set: [] },
      { diagrams: diagramViews(ran, storiesTold(ran), undefined) },
    )
    expect(page).toContain(`script-src &#39;${digest}&#39;"`)
    expect(page).toContain(`<script>${diagramScript}</script>`)
  })
})
