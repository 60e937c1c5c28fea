/**
 * `npm run stories [-- FILES]`: the stories of all lessons and of their variants, one after the other, as a learner reads them. Below them what is
 * wrong with any: no cause, nothing that would prevent it, or an option that is named and does not help under the same faults. The exit code is 1
 * when there is such a one.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import { catalogue } from '../src/pipeline/catalogue.ts'
import { causeOf } from '../src/report/cause.ts'
import { remedyText } from '../src/report/story/remedy.ts'
import { savedStories } from '../src/report/story/saved.ts'
import { storiesOf, type Story } from '../src/report/story/story.ts'
import { trailsOf, violationsOf } from '../src/report/violations.ts'
import { run, type Run } from '../src/run.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

/** What is told of one run of a lesson, and what is wrong with that. */
export interface ToldLesson {
  readonly ran: Run
  readonly stories: readonly Story[]
  readonly saved: readonly Story[]
  readonly flaws: readonly string[]
}

/** Runs a variant of a lesson (the lesson as it stands, when empty) and tells its stories; each option that advice names is tried. */
export function toldLesson(file: string, variant = ''): ToldLesson {
  const lesson = readLesson(file)
  const ran = run(scenarioOf(lesson, variant))
  const trails = trailsOf(ran)
  const violations = violationsOf(ran, trails)
  const others = lesson.variants.map((name) => scenarioOf(lesson, name))
  const stories = storiesOf(ran, violations, trails, others)
  const flaws = [
    ...violations
      .filter(({ witness }) => causeOf(ran.history, witness, trails) === undefined)
      .map(({ heading }) => `${heading}: no cause`),
    ...stories.filter(({ remedy }) => remedy === undefined).map(({ heading }) => `${heading}: nothing prevents it`),
    ...stories.flatMap((story) =>
      uselessIn(story, (set) => scenarioOf(lesson, variant, set)).map((text) => `${story.heading}: ${text}`),
    ),
  ]
  return { ran, stories, saved: savedStories(ran), flaws }
}

/** The variants of a lesson, besides that without faults. */
export function variantsOfLesson(file: string): readonly string[] {
  return readLesson(file).variants
}

interface Lesson {
  readonly file: string
  readonly text: string
  readonly variants: readonly string[]
}

function readLesson(file: string): Lesson {
  const text = readFileSync(file, 'utf8')
  const parsed = parseScenario(text, catalogue, { file })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => `${file}: ${message}`).join('\n'))
  return { file, text, variants: parsed.variants.filter((name) => name !== 'no-faults') }
}

function scenarioOf({ file, text }: Lesson, variant: string, set: readonly string[] = []): Scenario {
  const name = file.replace(/^.*scenarios\//, '').replace(/\.yaml$/, '')
  // A variant outweighs what is set, so it is set there as well.
  const everywhere = variant === '' ? set : [...set, ...set.map((assignment) => `variants.${variant}.${assignment}`)]
  const parsed = parseScenario(text, catalogue, { file, name, variant, set: everywhere })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path: at, message }) => `${at}: ${message}`).join('\n'))
  return parsed.scenario
}

/** The options that advice names and that do not do what it says of them. */
function uselessIn(
  { remedy, concerns, heading }: Story,
  changed: (set: readonly string[]) => Scenario,
): readonly string[] {
  if (remedy?.kind !== 'advice') return []
  const service = concerns.at(-1) ?? ''
  const once = heading.includes('exactly-once') ? 'exactly-once' : 'no-duplicates'
  return trialsOf(remedy.statement, service, once).flatMap(({ set, guarantee, level }) => {
    const found = run(changed(set)).rows.find(
      (row) => row.service === service && row.guarantee === guarantee && row.level === level,
    )
    const holds = heading.startsWith('run ') || (found !== undefined && found.verdict !== 'violated')
    return holds ? [] : [`${set[0] ?? ''} leaves ${guarantee} (${level}) ${found?.verdict ?? 'unjudged'}`]
  })
}

/** What says that an effect came once: for a story of a run that lost something else, that none came twice. */
type Once = 'exactly-once' | 'no-duplicates'

interface Trial {
  readonly set: readonly string[]
  readonly guarantee: string
  readonly level: 'delivery' | 'effect'
}

/** What to set for what advice names, and what that is to keep. A pattern is tried with a database of its own. */
function trialsOf(statement: string, service: string, once: Once): readonly Trial[] {
  const handling = `services.${service}.handling`
  const inDatabase = [`${handling}.store=tried`, 'stores.tried.database={}']
  const trials: Trial[] = []
  const option = /[Ww]ith (\S+\.\S+): ([\w-]+)/.exec(statement)
  if (option !== null) {
    const [, name = '', value = ''] = option
    const isStrategy = name === `${handling}.strategy` && value === 'inbox'
    const level = name.endsWith('on-error') ? 'delivery' : 'effect'
    trials.push({ set: [`${name}=${value}`, ...(isStrategy ? inDatabase : [])], guarantee: 'no-duplicates', level })
  }
  if (statement.includes('With strategy: inbox'))
    trials.push({ set: [`${handling}.strategy=inbox`, ...inDatabase], guarantee: once, level: 'effect' })
  if (statement.includes('with strategy: inbox and a limit for idle transactions')) {
    const limit = 'stores.tried.database.idle_in_transaction_session_timeout=10s'
    const set = [`${handling}.strategy=inbox`, ...inDatabase, limit]
    trials.push({ set, guarantee: once, level: 'effect' })
  }
  if (statement.includes('strategy: newer-version leaves out'))
    trials.push({
      set: [`${handling}.strategy=newer-version`, ...inDatabase],
      guarantee: 'ordered-per-key',
      level: 'effect',
    })
  return trials
}

function lines({ outcome, heading, steps, remedy, of }: Story): readonly string[] {
  const told = steps.map(({ fact, text, rule }) => {
    const rest = rule === undefined ? '' : ` · ${rule.statement}`
    return `    ${(fact.time / 1_000_000).toFixed(3)} s  ${text}${rest}`
  })
  const last = remedy === undefined ? [] : [`    → ${remedyText(remedy)}`]
  return [`  ${heading}${of === 'held' ? ' held' : ''}: ${outcome}`, ...told, ...last]
}

function main(given: readonly string[]): void {
  const found = globSync('scenarios/**/*.yaml', { absolute: true }).toSorted()
  const files = given.length > 0 ? given.map((file) => path.resolve(file)) : found
  let flawed = 0
  for (const file of files) {
    for (const variant of ['', ...variantsOfLesson(file)]) {
      const { ran, stories, saved, flaws } = toldLesson(file, variant)
      console.log(`\n${ran.scenario.name}${variant === '' ? '' : ` [${variant}]`}`)
      for (const story of [...stories, ...saved]) console.log(lines(story).join('\n'))
      for (const flaw of flaws) console.log(`  FLAW ${flaw}`)
      flawed += flaws.length
    }
  }
  console.log(`\n${flawed} flaws`)
  process.exitCode = flawed > 0 ? 1 : 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
