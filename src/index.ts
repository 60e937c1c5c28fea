/**
 * Onceproof as a library: parse a scenario, run it, read what came out. The command line is built from the same parts.
 *
 *     const parsed = parseScenario(text, catalogue)
 *     if (parsed.ok) console.log(textReport(run(parsed.scenario), { source: { file: 'lesson.yaml', set: [] } }))
 */
export { run, runAsync } from './run.ts'
export type { JudgedFault, JudgedRow, JudgedThreshold, Run } from './run.ts'
export type { Conclusion } from './pipeline/conclusion.ts'
export type { SimulateOptions } from './pipeline/simulate.ts'
export { catalogue } from './pipeline/catalogue.ts'

export { parseScenario } from './scenario/parse-scenario.ts'
export type { ParsedScenario, ParseOptions } from './scenario/parse-scenario.ts'
export { problemText, ScenarioError } from './scenario/problem.ts'
export type { ScenarioProblem } from './scenario/problem.ts'
export { scenarioSchema } from './scenario/scenario-schema.ts'
export type { Expectation, Prediction, Scenario, Threshold } from './scenario/scenario.ts'
export type { Catalogue } from './scenario/catalogue.ts'

export type { History } from './history/history.ts'
export { historyLines, readHistory } from './history/json-lines.ts'
export type { AnyFact } from './history/fact.ts'
export type { NeutralFact } from './history/facts.ts'

export type { CheckRow, Verdict, Witness } from './checks/check.ts'
export type { Metrics } from './metrics/metrics.ts'

export { jsonReport } from './report/json.ts'
export type { JsonReport } from './report/json.ts'
export { textReport } from './report/text.ts'
export type { TextOptions } from './report/text.ts'
