import { linkProfiles } from '../../src/simulation/link-profile.ts'
import type { Process } from '../../src/simulation/process.ts'
import { settlingDefaults } from '../../src/simulation/settling.ts'
import { World } from '../../src/simulation/world.ts'

/** A world with one node, `solo`, in which no fault is scheduled. */
export function soloWorld(program: (process: Process) => void, seed = 'solo'): World {
  const world = new World({
    seed,
    linkProfileOf: () => linkProfiles.lan,
    faults: [],
    faultKinds: [],
    settling: settlingDefaults,
    factKinds: [],
    observeNetwork: false,
    keepHistory: true,
    strikesBefore: new Map(),
  })
  world.addNode({ name: 'solo', start: program })
  // Keeps the run going as long as something is scheduled by the program.
  world.addParticipant({
    name: 'solo',
    busyWith: () => (world.engine.now < 60_000_000 ? 'the program' : undefined),
    waitingFor: () => undefined,
    patience: 120_000_000,
  })
  return world
}

/** Runs a program on the node and returns what `log` was called with, each with the time in µs. */
export function runSolo(program: (process: Process, log: (text: string) => void) => void): readonly string[] {
  const lines: string[] = []
  const world = soloWorld((process) => program(process, (text) => lines.push(`${process.now} ${text}`)))
  world.begin()
  world.advance()
  return lines
}
