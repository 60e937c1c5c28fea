import { parseSymptom } from '../exploration/symptom.ts'
import type { Wanted } from '../exploration/failure.ts'
import { catalogue } from '../pipeline/catalogue.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { parseDuration } from '../scenario/quantity.ts'
import { closest } from '../scenario/suggestion.ts'
import type { OptionsByName } from './command.ts'
import { single } from './overlay.ts'
import { problemWith } from './problems.ts'

/** Options of every command that looks for failures. */
export const wantedOptions = {
  guarantee: {
    type: 'string',
    requiresArg: true,
    describe: 'Look for violations of this guarantee only, expected or not. May be given several times',
  },
  symptom: {
    type: 'string',
    requiresArg: true,
    describe: "Keep only runs that show this, e.g. 'effects(op)=2, gap 30s..40s'",
  },
} as const satisfies OptionsByName

export const workerOptions = {
  workers: { type: 'string', requiresArg: true, describe: 'Threads. Default: one for each core' },
} as const satisfies OptionsByName

/** What a search looks for, from its options. */
export function wantedOf(
  args: { readonly guarantee?: unknown; readonly symptom?: unknown },
  problems: ScenarioProblem[],
): Wanted {
  const guarantees = [args.guarantee ?? []].flat().map(String)
  for (const name of guarantees.filter((given) => !isGuarantee(given))) {
    const near = closest(name, catalogue.guarantees)
    const suggestion = near === undefined ? `Guarantees: ${catalogue.guarantees.join(', ')}.` : `Did you mean ${near}?`
    problems.push(problemWith(`--guarantee ${name}`, 'there is no such guarantee', suggestion))
  }
  const text = single('symptom', args.symptom, problems)
  const symptom = text === undefined ? undefined : parseSymptom(text)
  if (text !== undefined && symptom === undefined) {
    const example = "For example 'effects(op)=2, gap 30s..40s' or 'deliveries(order-7)=0'."
    problems.push(problemWith(`--symptom ${text}`, 'expected a count of effects or deliveries', example))
  }
  return { guarantees, symptom }
}

/** Refuses a symptom of a message that the scenario does not send. Messages that are made from others, `order-1/invoice#1`, may be anything. */
export function checkSymptom({ symptom }: Wanted, { services }: Scenario, problems: ScenarioProblem[]): void {
  const item = symptom?.item
  const sources = services.flatMap(({ sends, asks }) => [...sends, ...asks])
  if (item === undefined || item.includes('/') || sources.length === 0) return
  const counts = sources.map(({ name, workload }) => {
    return { name, count: workload.kind === 'trace' ? workload.messages.length : workload.messages }
  })
  const isSent = counts.some(({ name, count }) => {
    const number = item.startsWith(`${name}-`) ? item.slice(name.length + 1) : ''
    return /^\d+$/.test(number) && Number(number) < count
  })
  if (isSent) return
  const known = counts.map(({ name, count }) => `${name}-0 to ${name}-${count - 1}`).join(', ')
  problems.push(problemWith(`--symptom ${item}`, 'there is no such message', `There are ${known}; op stands for any.`))
}

function isGuarantee(text: string): boolean {
  return catalogue.guarantees.includes(text.replace(/\/(delivery|effect|run)$/, ''))
}

/** A whole number of at least 1, of as many digits as anybody has the patience for. */
export function countOf(name: string, value: unknown, problems: ScenarioProblem[]): number | undefined {
  const text = single(name, value, problems)
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text)
  problems.push(problemWith(`--${name} ${text}`, 'expected a whole number from 1 to 999999999, in digits'))
  return undefined
}

/** More threads than any machine has cores for only take its memory. */
const mostWorkers = 256

/** How many threads are wanted; nothing where nobody says. */
export function workersOf(value: unknown, problems: ScenarioProblem[]): number | undefined {
  const count = countOf('workers', value, problems)
  if (count !== undefined && count > mostWorkers)
    problems.push(problemWith(`--workers ${count}`, `expected a whole number from 1 to ${mostWorkers}`))
  return count
}

/** Wall-clock time in ms. */
export function timeOf(name: string, value: unknown, problems: ScenarioProblem[]): number | undefined {
  const text = single(name, value, problems)
  const micros = text === undefined ? undefined : parseDuration(text)
  if (text !== undefined && (micros === undefined || micros <= 0))
    problems.push(problemWith(`--${name} ${text}`, 'expected a time such as 60s or 5min'))
  return micros === undefined ? undefined : micros / 1000
}

/** `2/4`: the second of four parts, as index from 0. */
export function shardOf(
  value: unknown,
  problems: ScenarioProblem[],
): { readonly index: number; readonly of: number } | undefined {
  const text = single('shard', value, problems)
  if (text === undefined) return undefined
  const [, part = '', of = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  if (Number(part) >= 1 && Number(part) <= Number(of)) return { index: Number(part) - 1, of: Number(of) }
  problems.push(problemWith(`--shard ${text}`, 'expected a part such as 1/4, 2/4, 3/4 or 4/4'))
  return undefined
}
