import type { BrokerOptions } from './broker-options.ts'
import type { OptionProblem } from './resolve-options.ts'

/** What a broker refuses to start with. */
export function brokerProblems(options: BrokerOptions): readonly OptionProblem[] {
  const problems: OptionProblem[] = []
  if (options['replica.fetch.wait.max.ms'] > options['replica.lag.time.max.ms']) {
    const message = `must not exceed replica.lag.time.max.ms, ${options['replica.lag.time.max.ms']}`
    problems.push({ option: 'replica.fetch.wait.max.ms', message })
  }
  return problems
}
