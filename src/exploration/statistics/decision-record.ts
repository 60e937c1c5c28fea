import { formatDuration } from '../../scenario/quantity.ts'
import type { Experiment } from './experiment.ts'
import type { ExperimentTally } from './tally.ts'
import { cautions, conclusions, latencyText, rateText } from './verdicts.ts'

/** A comparison as a decision record in Markdown: what was compared, under what, what came out; the decision is left to people. */
export function decisionRecord(experiment: Experiment, result: ExperimentTally): string {
  const { designs, runs } = result
  const guarantees = [...new Set(designs.flatMap(({ rates }) => Object.keys(rates)))].sort()
  const table = [
    ['guarantee', ...designs.map(({ name }) => name)],
    ['---', ...designs.map(() => '---')],
    ...guarantees.map((guarantee) => [
      guarantee,
      ...designs.map(({ rates }) => {
        const rate = rates[guarantee]
        return rate === undefined ? 'not judged' : rateText(rate)
      }),
    ]),
    ['effect latency p99 (median over runs)', ...designs.map(latencyText)],
  ]
  return [
    `# ${designs.map(({ name }) => name).join(' or ')}`,
    '',
    '## Context',
    '',
    `Each design was run ${runs} times under faults of the profile \`${experiment.profile}\`, drawn for ${formatDuration(experiment.duration)}, with the same draws for all of them (seed \`${experiment.seed}\`). How often a guarantee broke is given with its bounds at 95 % confidence.`,
    '',
    '## Measured',
    '',
    ...table.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`),
    '',
    ...conclusions(result).map((line) => `- ${line}`),
    '',
    '## Before believing it',
    '',
    ...designs.flatMap((design) => cautions(design, runs)).map((line) => `- ${line}`),
    '',
    '## Decision',
    '',
    'To be taken.',
    '',
  ].join('\n')
}
