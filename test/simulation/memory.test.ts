import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { loadScenarios } from '../../src/cli/load-scenarios.ts'
import { noOverlay } from '../../src/cli/overlay.ts'
import { run } from '../../src/run.ts'
import { second } from '../../src/simulation/duration.ts'
import type { Process } from '../../src/simulation/process.ts'
import { fault, runToEnd, smallWorld } from './small-world.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Which of them are still in memory when the collector has been there. A turn of the event loop lets go of what was looked at in this one. */
async function kept<T>(of: ReadonlyMap<T, WeakRef<object>>): Promise<readonly T[]> {
  await new Promise(setImmediate)
  collect()
  return [...of].flatMap(([name, memory]) => (memory.deref() === undefined ? [] : [name]))
}

/** What a program has in memory, with everything that can still be reached by the machine when the program is gone. */
function remembering(process: Process, peer: string): object {
  const memory = { of: process.incarnation }
  const use = (): void => void memory.of
  process.setTimer(3_600 * second, use)
  process.work(3_600 * second, use)
  process.onStop((done) => (use(), done()))
  process.onSignal((goOn) => (use(), goOn()))
  process.onDatagram('said', use)
  process.listen('talk', () => ({ received: use, closed: use }))
  process.beginLull(use)
  process
    .connect<number, number>(peer, 'talk', { opened: use, received: use, closed: use })
    .send(1, { bytes: 1, about: 'one' })
  return memory
}

describe('memory', () => {
  it.each(['crash', 'power-loss', 'restart'])('of a process goes with it: %s', async (action) => {
    const faults = [fault(action, 'a', second, second), fault(action, 'a', 4 * second, second)]
    const world = smallWorld({ faults })
    const memories = new Map<number, WeakRef<object>>()
    const start = (process: Process): void =>
      void memories.set(process.incarnation, new WeakRef(remembering(process, 'b')))
    world.addNode({ name: 'a', start })
    world.addNode({ name: 'b', start: (process) => void remembering(process, 'a') })
    runToEnd(world)
    expect([...memories.keys()]).toEqual([1, 2, 3])
    expect(await kept(memories)).toEqual([3])
    expect(world.engine.now).toBeGreaterThan(5 * second)
  })

  it('of a world goes when its run is over, whoever keeps the run', async () => {
    const [loaded] = loadScenarios(['scenarios/01-delivery/at-least-once.yaml'], noOverlay, [])
    if (loaded === undefined) throw new Error('There is no such lesson.')
    const worlds = new Map<string, WeakRef<object>>()
    const outcome = run(loaded.scenario, { watch: ({ world }) => void worlds.set('world', new WeakRef(world)) })
    expect(worlds.size).toBe(1)
    expect(await kept(worlds)).toEqual([])
    expect(outcome.history.length).toBeGreaterThan(0)
  })
})
