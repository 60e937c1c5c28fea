import type { JudgedFault, Run } from '../run.ts'
import { groupsText } from './fault-place.ts'
import { columns } from './lines.ts'
import { counted, durationText, momentText, unbreakable } from './quantities.ts'

type Nemesis = NonNullable<Run['scenario']['nemesis']>
type Fault = JudgedFault['fault']

/** A line for each fault that was drawn from a profile, below one that says so. The schedule of the report's `scenario.yaml` is the same. */
export function scheduleLines({ profile, duration }: Nemesis, faults: readonly JudgedFault[]): readonly string[] {
  const cells = columns(
    faults.map(({ fault }) => [momentOf(fault), `${fault.action} ${groupsText(fault.targets)}`, lastingOf(fault)]),
  )
  const head = `drawn from ${profile} for ${durationText(duration)}: ${counted(faults.length, 'fault')}`
  return [head, ...cells.map((line) => `  ${line.join('  ')}`)].map((line) =>
    line.replaceAll(unbreakable, ' ').trimEnd(),
  )
}

function momentOf({ strikes }: Fault): string {
  return 'at' in strikes ? momentText(strikes.at) : strikes.when.fact
}

function lastingOf({ duration }: Fault): string {
  return duration === undefined || duration === 0 ? '' : `for ${durationText(duration)}`
}
