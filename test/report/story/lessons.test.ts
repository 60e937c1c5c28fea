import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AnyFact } from '../../../src/history/fact.ts'
import { faultStruck } from '../../../src/history/facts.ts'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import { savedStories } from '../../../src/report/story/saved.ts'
import { sentenceLimit, storiesOf, type Story, type StoryStep } from '../../../src/report/story/story.ts'
import { remedyText } from '../../../src/report/story/remedy.ts'
import { ancestors } from '../../../src/report/trails.ts'
import { trailsOf, violationsOf } from '../../../src/report/violations.ts'
import { run, type Run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import type { Scenario } from '../../../src/scenario/scenario.ts'

const root = path.resolve(import.meta.dirname, '../../../scenarios')

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .toSorted()

interface Told {
  readonly ran: Run
  readonly stories: readonly Story[]
  readonly saved: readonly Story[]
}

function toldOf(file: string, variant = ''): Told {
  const text = readFileSync(path.join(root, file), 'utf8')
  const read = (name: string): Scenario | undefined => {
    const parsed = parseScenario(text, catalogue, { file, name: file.replace(/\.yaml$/, ''), variant: name })
    return parsed.ok ? parsed.scenario : undefined
  }
  const parsed = parseScenario(text, catalogue, { file })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => `${file}: ${message}`).join('\n'))
  const scenario = read(variant)
  if (scenario === undefined) throw new Error(`${file} has no variant ${variant}.`)
  const ran = run(scenario)
  const trails = trailsOf(ran)
  const variants = parsed.variants.flatMap((name) => read(name) ?? [])
  return { ran, stories: storiesOf(ran, violationsOf(ran, trails), trails, variants), saved: savedStories(ran) }
}

function sentencesOf({ steps, remedy }: Story): readonly string[] {
  const told = steps.map(({ text }) => text)
  return (remedy === undefined ? told : [...told, remedyText(remedy)]).map((text) => text.replaceAll('\u00a0', ' '))
}

/**
 * Whether a violation depends on a fact: it names what the story is about or what that came from or went to; or it led to a fact that does;
 * or it is a fault of the schedule or came from one, and is about a node, a place or a group that had the message.
 */
function dependsOn({ history, rows }: Run, story: Story, step: AnyFact): boolean {
  const evidence = rows
    .flatMap(({ witnesses }) => witnesses.filter(({ item }) => item === story.item))
    .flatMap((one) => one.evidence)
  const about = new Set([...story.steps.map(({ fact }) => fact), ...evidence].flatMap(namesIn))
  if (namesIn(step).some((name) => about.has(name))) return true
  const behind = ancestors(history, [...evidence, ...story.steps.map(({ fact }) => fact)])
  if (behind.some(({ index }) => index === step.index)) return true
  const texts = (fact: AnyFact): readonly string[] =>
    ['target', 'place', 'partition', 'group', 'service', 'reason']
      .flatMap((field) => (typeof fact[field] === 'number' ? history.names.text(fact[field]).split(', ') : []))
      .concat(history.names.text(fact.node))
  const known = new Set(
    story.steps
      .filter(({ fact }) => fact.index !== step.index && namesIn(fact).length > 0)
      .flatMap(({ fact }) => texts(fact)),
  )
  return texts(step).some((text) => known.has(text)) || step.kind === faultStruck.name
}

/** Whether a step names its rule, or gives a reason that says enough. */
function restsOnSomething({ rule, fact }: StoryStep, { history }: Run): boolean {
  if (rule !== undefined) return rule.evidence === 'defined' || (rule.page ?? '').startsWith('https:')
  return typeof fact['reason'] === 'number' && history.names.text(fact['reason']) === 'rejected'
}

function namesIn(fact: AnyFact): readonly number[] {
  return [fact['message'], fact['parent'], fact['operation']].flatMap((name) =>
    typeof name === 'number' ? [name] : [],
  )
}

describe('the stories of the lessons', () => {
  it.each(files)('of %s have eight sentences at most, in the order of time, and each violation has one', (file) => {
    const { ran, stories, saved } = toldOf(file)
    const broken = ran.rows.some(({ verdict }) => verdict === 'violated')
    expect(stories.length > 0).toBe(broken)
    for (const story of [...stories, ...saved]) {
      expect(sentencesOf(story).length).toBeLessThanOrEqual(sentenceLimit)
      expect(sentencesOf(story).length).toBeGreaterThan(1)
      const places = story.steps.map(({ fact }) => fact.index)
      expect(places).toEqual([...new Set(places)].toSorted((one, other) => one - other))
      expect(story.steps.filter(({ fact }) => !dependsOn(ran, story, fact))).toEqual([])
      const isDoneByProduct = ({ fact }: StoryStep): boolean =>
        ran.systems.some((system) => system.facts.some(({ name }) => name === fact.kind))
      expect(story.steps.filter((step) => isDoneByProduct(step) && !restsOnSomething(step, ran))).toEqual([])
    }
  })

  it.each(files)('of %s name a fault of its schedule, where one struck what broke', (file) => {
    const { ran, stories } = toldOf(file)
    const actions = ran.scenario.faults.map(({ action }) => action)
    const blamed = (story: Story): boolean =>
      sentencesOf(story).some(
        (text) =>
          actions.some((action) => text.includes(`${action} struck `)) ||
          /failed to handle|left .* out|: (dropped|expired|dead-lettered)/.test(text),
      )
    expect(actions.length === 0 ? [] : stories.filter((story) => !blamed(story))).toEqual([])
  })

  /** What each of these lessons says in its `why`, in the words of its story. */
  const truths: readonly (readonly [file: string, said: readonly RegExp[]])[] = [
    ['00-the-tutorials/01-acknowledge-then-process', [/billing acknowledged order-17/, /billing crashed/]],
    [
      '00-the-tutorials/02-process-then-acknowledge',
      [/visibility timeout, 30 s after billing crashed/, /stores\.ledger\.unique: operation/],
    ],
    ['00-the-tutorials/04-requeue-to-the-tail', [/failed to handle order-16/, /put order-16 back/]],
    [
      '00-the-tutorials/07-the-late-subscriber',
      [/order-0 left events\/news: delivered/, /services\.audit\.receives\.after: 0/],
    ],
    ['00-the-tutorials/11-the-unknown-type', [/does not know the type refund/]],
    ['01-delivery/at-least-once', [/reset-connections struck shop, queue/, /shop took order-17 as unknown/]],
    [
      '01-delivery/the-poison-message',
      [/failed to handle order-17.* for the last of 5,686 times/, /queues\.orders\.attempts: 5/],
    ],
    [
      'kafka/broker-unclean-leader',
      [/events-3 was elected leader .*\(unclean\)/, /unclean\.leader\.election\.enable: false/],
    ],
    ['kafka/group-too-slow-between-polls', [/removed billing-1.* from billing/, /max\.poll\.records: 50/]],
    ['kafka/group-zombie', [/billing-1 froze/, /45 s after billing-1 froze/]],
    [
      'kafka/produce-acks-1',
      [
        /events-1 crashed/,
        /events-2 was elected leader/,
        /events-1 truncated events\/orders\/0/,
        /producer\.acks: all \(here 1\)/,
      ],
    ],
    [
      'kafka/produce-lost-answer',
      [/reset-connections struck/, /order-60 to events\/orders\/0 at offset 61/, /enable\.idempotence: true/],
    ],
  ]

  it.each(truths)('of %s tell its true cause', (file, said) => {
    const told = toldOf(`${file}.yaml`).stories.map((story) => sentencesOf(story).join('\n'))
    for (const sentence of said)
      expect(
        told.some((story) => sentence.test(story)),
        `${sentence} in:\n${told.join('\n\n')}`,
      ).toBe(true)
  })

  const rescues: readonly (readonly [file: string, variant: string, heading: string, outcome: RegExp, step: RegExp])[] =
    [
      [
        '01-delivery/exactly-once',
        'the-store-decides',
        'billing no-duplicates (effect)',
        /copy was recognised and left out/,
        /has it already/,
      ],
      [
        'kafka/produce-lost-answer',
        'idempotence',
        'billing no-duplicates (effect)',
        /the product knew it again/,
        /recognised order-60 as the retry/,
      ],
      ['kafka/broker-failover', '', 'billing no-loss (effect)', /went on until it was confirmed/, /events-1 crashed/],
      [
        '00-the-tutorials/02-process-then-acknowledge',
        '',
        'billing no-loss (effect)',
        /handed out again/,
        /put order-17 back/,
      ],
    ]

  it.each(rescues)('of %s %s say what saved %s', (file, variant, heading, outcome, step) => {
    const story = toldOf(`${file}.yaml`, variant).saved.find((one) => one.heading === heading)
    expect(story?.outcome).toMatch(outcome)
    expect(story && sentencesOf(story).some((text) => step.test(text))).toBe(true)
  })

  it('say of nothing that it was saved where nothing was in danger', () => {
    expect(toldOf('01-delivery/exactly-once.yaml', 'no-faults').saved).toEqual([])
  })
})
