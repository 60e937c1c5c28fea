import { catalogue } from '../../../../src/pipeline/catalogue.ts'
import type { Run } from '../../../../src/run.ts'
import { run } from '../../../../src/run.ts'
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts'

/** Runs a scenario that has to be sound. */
export function outcomeOf(text: string): Run {
  const parsed = parseScenario(text, catalogue, { file: 'rabbitmq.yaml' })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; '))
  return run(parsed.scenario)
}

export function verdictIn({ rows }: Run, service: string, guarantee: string, level: string): string | undefined {
  return rows.find((row) => row.service === service && row.guarantee === guarantee && row.level === level)?.verdict
}
