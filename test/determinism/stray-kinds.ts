import { acknowledged } from '../../src/history/facts.ts'
import type { Process } from '../../src/simulation/process.ts'
import { memory } from '../../src/systems/memory/memory.ts'
import type { SystemKind } from '../../src/systems/system.ts'

/** A product that does what the real one does and lets one more node misbehave. */
function straying(name: string, start: (process: Process) => void): SystemKind {
  return {
    ...memory,
    name,
    build: (setup) => {
      const system = memory.build(setup)
      setup.world.addNode({ name: 'culprit', start })
      return system
    },
  }
}

function recordNow(process: Process, message: string): void {
  process.record(acknowledged, { message, service: 'nobody', attempt: 0 })
}

/** Draws from somewhere else than the scenario's random streams. */
export const strayDraw = straying('stray-draw', (process) => {
  process.setTimer(1 + Math.floor(Math.random() * 1e5), () => recordNow(process, 'late'))
})

/** What the runs of one program share, in an order that each run changes. */
const seen = new Set(['one', 'two', 'three'])

/** Walks a collection whose order depends on what ran before. */
export const strayOrder = straying('stray-order', (process) => {
  for (const message of seen) recordNow(process, message)
  const [first = 'one'] = seen
  seen.delete(first)
  seen.add(first)
})
