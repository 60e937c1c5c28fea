import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { projectRoot } from '../../architecture/source-files.ts'
import { restless } from './restless.ts'
import { insideOne, runSmall, scenarioOf } from './small-consumer.ts'

/** Whatever stands in its place later. */
const nextTurn = setImmediate

const alone = async (seed: string): Promise<string> => restless(seed)

describe('a run with code of a user is the same', () => {
  it('beside others as alone', async () => {
    const seeds = ['one', 'two', 'three', 'one']
    const apart: string[] = []
    for (const seed of seeds) apart.push(await alone(seed))
    expect(await Promise.all(seeds.map(alone))).toEqual(apart)
    expect(new Set(apart).size).toBe(3)
  })

  it('in another process, without a test runner', async () => {
    const program = path.join(projectRoot, 'scripts/run-typescript.mjs')
    const { stdout, stderr } = spawnSync(process.execPath, [program, 'test/testing/bridge/restless-alone.ts'], {
      cwd: projectRoot,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(stdout.trim()).toBe(await alone('elsewhere'))
  })

  it('unless a module keeps what a crash should take away', async () => {
    let everHandled = 0
    const remembering = async (): Promise<string> => {
      const { run } = await runSmall(
        scenarioOf(5),
        () =>
          (_message, { inside }) =>
            inside.log(++everHandled),
      )
      return run.fingerprint
    }
    expect(await remembering()).not.toBe(await remembering())
  })
})

describe('under fake timers of the test runner', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('a run is the same, whether they come or go before it or in the middle', async () => {
    const turns = async (count: number): Promise<void> => {
      for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => nextTurn(resolve))
    }
    // What a thread of the host answers may come between the fake timers and the next step, before ours are back.
    const faked = async (): Promise<string> => restless('faked', false)
    const expected = await faked()
    vi.useFakeTimers()
    expect(await faked()).toBe(expected)
    const going = faked()
    await turns(20)
    vi.useRealTimers()
    expect(await going).toBe(expected)
    const coming = faked()
    await turns(20)
    vi.useFakeTimers()
    expect(await coming).toBe(expected)
  })

  it('code of a user has virtual time all the same, and the fake ones are back afterwards', async () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'performance'] })
    const taken = await insideOne(async () => {
      const before = Date.now()
      await new Promise((resolve) => setTimeout(resolve, 500))
      return [Date.now() - before, new Date(before).getUTCFullYear()]
    })
    expect(taken).toEqual([500, 2026])
    expect(Date.now()).toBe(0)
    let fired = false
    setTimeout(() => (fired = true), 1000)
    vi.advanceTimersByTime(1000)
    expect([fired, Date.now()]).toEqual([true, 1000])
  })
})
