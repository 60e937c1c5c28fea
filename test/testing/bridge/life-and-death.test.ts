import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../src/simulation/fault.ts'
import { memorySettings } from '../../pipeline/plain-scenario.ts'
import { runSmall, scenarioOf } from './small-consumer.ts'

const second = 1_000_000

/** Strikes 10 ms into the handling of the first message. */
function striking(action: string, duration: number): Fault {
  return {
    action,
    targets: [['billing']],
    parameters: {},
    strikes: { when: { fact: 'logged', values: { text: 'now' }, nth: 1 }, cut: 'after-step' },
    duration,
  }
}

const redelivering = {
  queue: { kind: 'memory', version: '', settings: memorySettings({ 'visibility-timeout': 5 * second }) },
}

describe('when its process crashes, code of a user', () => {
  it('is dropped where it stands: nothing that was pending settles, and neither finally nor timers run', async () => {
    const seen: string[] = []
    await runSmall(scenarioOf(1, { systems: redelivering, faults: [striking('crash', second)] }), () => {
      seen.push('made')
      return async ({ attempt }, { inside, sleep }) => {
        try {
          setTimeout(() => seen.push(`timer of ${attempt}`), 1)
          inside.log('now')
          await sleep(10)
          seen.push(`slept in ${attempt}`)
        } finally {
          seen.push(`finally of ${attempt}`)
        }
      }
    })
    expect(seen).toEqual(['made', 'made', 'timer of 2', 'slept in 2', 'finally of 2'])
  })

  it('does not hear an answer that came in the moment of the crash', async () => {
    const seen: number[] = []
    const afterEffect: Fault = {
      ...striking('crash', second),
      strikes: { when: { fact: 'operation-answered', values: {}, nth: 1 }, cut: 'after-step' },
    }
    await runSmall(
      scenarioOf(1, { systems: redelivering, faults: [afterEffect] }),
      () =>
        async ({ attempt }, { effect }) => {
          await effect()
          seen.push(attempt)
        },
    )
    expect(seen).toEqual([2])
  })
})

describe('while its process is paused, code of a user', () => {
  it('stands still, and finds that time has passed', async () => {
    const taken: number[] = []
    await runSmall(scenarioOf(1, { faults: [striking('pause', 2 * second)] }), () => async (_message, { inside }) => {
      const before = Date.now()
      inside.log('now')
      await new Promise((resolve) => setTimeout(resolve, 10))
      taken.push(Date.now() - before)
    })
    expect(taken).toEqual([2000])
  })
})

describe('values that cross the bridge', () => {
  it('are copies, and Buffers stay Buffers', async () => {
    const kept = { list: [1, 2], bytes: Buffer.from('abc'), when: new Date(5) }
    const found: unknown[] = []
    await runSmall(scenarioOf(1), () => async (_message, { inside }) => {
      const one = await inside.perform(function* () {
        yield* []
        return kept
      })
      one.list.push(3)
      found.push(
        one.list.length,
        kept.list.length,
        Buffer.isBuffer(one.bytes),
        one.bytes !== kept.bytes,
        one.when.getTime(),
      )
    })
    expect(found).toEqual([3, 2, true, true, 5])
  })
})

describe('process.exit', () => {
  it('ends the simulated process, and the message comes again', async () => {
    const attempts: number[] = []
    await runSmall(scenarioOf(1, { systems: redelivering }), () => ({ attempt }) => {
      attempts.push(attempt)
      if (attempt === 1) process.exit(1)
      return undefined
    })
    expect(attempts).toEqual([1, 2])
  })
})
