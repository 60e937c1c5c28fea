import { durationText } from '../../report/quantities.ts'
import { commandText } from '../../report/replay-command.ts'
import { contrastText } from './contrasts.ts'
import type { Design, Experiment } from './experiment.ts'
import type { KeptRun } from './shown-case.ts'
import type { ExperimentTally } from './tally.ts'
import { cautions, conclusions, counterpartLines, figureLines, shownRateText } from './verdicts.ts'

/** How many designs a title names. */
const mostNamed = 3

/**
 * A comparison as a decision record in Markdown: what was compared, under what, what came out, what it does not say, and the command that makes
 * it again. The decision is left to people.
 */
export function decisionRecord(
  experiment: Experiment,
  result: ExperimentTally,
  again: string,
  kept: readonly KeptRun[],
): string {
  const { designs, runs } = result
  const guarantees = [...new Set(designs.flatMap(({ rates }) => Object.keys(rates)))].sort()
  const table = [
    ['guarantee', ...designs.map(({ name }) => name)],
    ['---', ...designs.map(() => '---')],
    ...guarantees.map((guarantee) => [
      guarantee,
      ...designs.map(({ rates }) => {
        const rate = rates[guarantee]
        return rate === undefined ? 'not judged' : shownRateText(rate)
      }),
    ]),
    ...figureLines(designs).map(({ title, cells }) => [title, ...cells]),
  ]
  return [
    `# ${designs.length > mostNamed ? `One of ${designs.length} designs` : designs.map(({ name }) => name).join(' or ')}`,
    '',
    '## Context',
    '',
    `Each design was run ${runs} times under faults of the profile \`${experiment.profile}\`, drawn for ${durationText(experiment.duration)}, with the same draws for all of them (seed \`${experiment.seed}\`). How often a guarantee broke is given with its bounds at 95 % confidence, and with the number of the plainest run in which it did.`,
    '',
    '## Options',
    '',
    ...experiment.designs.map((design) => `- ${optionText(design)}`),
    '',
    'Who is struck in each of them by what was drawn for whom:',
    '',
    ...counterpartLines(designs).map((line) => `- ${line}`),
    '',
    '## Verdicts',
    '',
    ...table.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`),
    '',
    ...conclusions(result).map((line) => `- ${line}`),
    ...result.contrasts.map((contrast) => `- ${contrastText(contrast, designs)}`),
    '',
    '## Limits',
    '',
    ...limitsOf(result).map((line) => `- ${line}`),
    ...cautions(designs, runs).map((line) => `- ${line}`),
    '',
    '## Decision',
    '',
    'To be taken.',
    '',
    '## To see it again',
    '',
    `    ${again}`,
    '',
    ...keptLines(kept),
  ].join('\n')
}

/** The runs that are named, as they can be seen; each is a scenario by itself, which needs no measurement to be made again. */
function keptLines(kept: readonly KeptRun[]): readonly string[] {
  if (kept.length === 0) return []
  const lines = kept.map(({ title, file }) => `- ${title}: \`${commandText(['run', file])}\``)
  return ['The runs that are named, each by itself:', '', ...lines, '']
}

function optionText({ name, scenario, swept }: Design): string {
  const values = swept.map(({ path, value }) => `\`${path}\` is \`${value}\``)
  const variant = scenario.variant === '' ? [] : [`variant ${scenario.variant}`]
  const told = [scenario.title || scenario.name, ...variant, ...values].filter((text) => text !== name)
  return [`**${name}**`, ...told].join(', ')
}

/** What nobody should read into the figures. */
function limitsOf({ designs, runs }: ExperimentTally): readonly string[] {
  const uncalibrated = designs.filter(({ calibrated }) => !calibrated).map(({ name }) => name)
  return [
    `A rate is about ${runs} runs under this profile, with this workload. It is no forecast for production.`,
    'Costs are counted in a run in which nothing breaks, but for the time that messages are stalled.',
    ...(uncalibrated.length === 0
      ? []
      : [
          `Times are uncalibrated, as nobody has measured the latencies of ${uncalibrated.length === designs.length ? 'any design' : uncalibrated.join(', ')}: compare them, do not quote them.`,
        ]),
  ]
}
