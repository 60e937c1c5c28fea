import type { Micros } from './duration.ts'
import type { Fault } from './fault.ts'
import { clockTrouble } from './nemesis/clocks.ts'
import { diskTrouble } from './nemesis/disks.ts'
import type { NemesisPlan, Strikeable } from './nemesis/episodes.ts'
import { networkTrouble } from './nemesis/network.ts'
import { processTrouble } from './nemesis/processes.ts'
import { productionDay } from './nemesis/production-day.ts'
import type { Random } from './random.ts'

interface NemesisProfile {
  readonly summary: string
  draw(plan: NemesisPlan): readonly Fault[]
}

/** Whom the faults of a run come from, by name. The numbers say how often each kind of fault strikes each node in the whole duration. */
export const nemesisProfiles = {
  calm: { summary: 'Nothing happens.', draw: () => [] },
  crashes: {
    summary: 'Processes crash, freeze and are restarted; hosts lose their power.',
    draw: (plan) => processTrouble(plan, 2),
  },
  network: {
    summary: 'Nodes and zones are cut off, links get slow and lossy, connections are reset.',
    draw: (plan) => networkTrouble(plan, 1),
  },
  disks: { summary: 'Disks get slow, full and broken; writes are torn.', draw: (plan) => diskTrouble(plan, 2) },
  clocks: { summary: 'Wall clocks are wrong.', draw: (plan) => clockTrouble(plan, 3) },
  'production-day': { summary: 'A little of everything, as on a day at work.', draw: productionDay },
  everything: {
    summary: 'All of this at once.',
    draw: (plan) => [
      ...processTrouble(plan, 0.7),
      ...networkTrouble(plan, 0.4),
      ...diskTrouble(plan, 0.5),
      ...clockTrouble(plan, 1),
    ],
  },
} satisfies Record<string, NemesisProfile>

export type NemesisProfileName = keyof typeof nemesisProfiles

/**
 * Draws the faults of a run: plain data, in the order in which they strike, each with an end before `duration`. What strikes one target is
 * drawn from streams of its name: another target more changes nothing about it, except where a fault is between the two.
 */
export function drawFaults(
  profile: NemesisProfileName,
  random: Random,
  targets: readonly Strikeable[],
  duration: Micros,
): readonly Fault[] {
  const { draw }: NemesisProfile = nemesisProfiles[profile]
  const faults = draw({ random: random.fork(`nemesis/${profile}`), targets, duration })
  return [...faults].sort((a, b) => strikesAt(a) - strikesAt(b))
}

function strikesAt({ strikes }: Fault): Micros {
  return 'at' in strikes ? strikes.at : 0
}
