import { randomBytes, randomFillSync, randomInt, randomUUID, webcrypto } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setImmediate as namedImmediate, setTimeout as namedTimeout } from 'node:timers'
import timerPromises, { scheduler, setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { insideOne, runSmall, scenarioOf } from './small-consumer.ts'

/** A reference that a module took when it was loaded, as many do. */
const sleep = promisify(setTimeout)

/** ms; shorter than what a run waits for in vain. */
const moment = 1500

/** How many ms of virtual time something takes. */
async function taken(code: () => unknown): Promise<number> {
  const before = Date.now()
  await code()
  return Date.now() - before
}

describe('inside of a handler, the time', () => {
  it('is that of the simulation', async () => {
    const dates = await insideOne(() => [Date.now(), new Date().getTime(), new Date(Date()).getFullYear()])
    expect(dates[0]).toBe(dates[1])
    expect(new Date(dates[0] ?? 0).toISOString()).toMatch(/^2026-01-01T00:00:0/)
    expect(dates[2]).toBe(2026)
  })

  it('is what dates count from, and dates are dates', async () => {
    const found = await insideOne(() => [
      new Date() instanceof Date,
      new Date(0).toISOString(),
      Date.UTC(2020, 0),
      new Date().constructor === Date,
      typeof structuredClone(new Date()).getTime(),
    ])
    expect(found).toEqual([true, '1970-01-01T00:00:00.000Z', 1_577_836_800_000, true, 'number'])
  })

  it('goes forward by what timers wait for', async () => {
    const waits = {
      setTimeout: () => new Promise((resolve) => setTimeout(resolve, moment)),
      'of node:timers': () => new Promise((resolve) => namedTimeout(resolve, moment)),
      promisified: () => sleep(moment),
      'of node:timers/promises': () => wait(moment),
      'of its default export': () => timerPromises.setTimeout(moment),
      scheduler: () => scheduler.wait(moment),
    }
    for (const [name, code] of Object.entries(waits)) {
      expect([name, await insideOne(() => taken(code))]).toEqual([name, moment])
    }
  })

  it('is monotonic for those who measure, from the start of the process', async () => {
    const found = await insideOne(async () => {
      const clocks = (): number[] => [
        performance.now(),
        Number(process.hrtime.bigint() / 1_000_000n),
        process.hrtime()[0] * 1000,
        process.uptime() * 1000,
      ]
      const before = clocks()
      const since = process.hrtime()
      await wait(2500)
      expect(process.hrtime(since)).toEqual([2, 500_000_000])
      expect(performance.timeOrigin + performance.now()).toBeCloseTo(Date.now(), -1)
      return clocks().map((clock, index) => Math.round(clock - (before[index] ?? 0)))
    })
    expect(found).toEqual([2500, 2500, 2000, 2500])
  })

  it('follows the wrong clock of its host', async () => {
    const seen: number[] = []
    const skewed = scenarioOf(1, {
      faults: [
        {
          action: 'clock-skew',
          targets: [['billing']],
          parameters: { offset: 3_600_000_000, drift: 0 },
          strikes: { at: 0 },
          duration: 60_000_000,
        },
      ],
    })
    await runSmall(skewed, () => () => void seen.push(new Date().getUTCHours(), Math.floor(performance.now())))
    expect(seen).toEqual([1, 1])
  })

  it('is in what formats the present, and in what is measured by marks', async () => {
    const found = await insideOne(async () => {
      const format = new Intl.DateTimeFormat('en', { dateStyle: 'short', timeZone: 'UTC' })
      const parts = format.formatToParts().map(({ value }) => value)
      performance.mark('here')
      await wait(moment)
      const { duration } = performance.measure('it', 'here')
      return [format.format(), parts.join(''), format.format(0), duration]
    })
    expect(found).toEqual(['1/1/26', '1/1/26', '1/1/70', moment])
  })

  it('stands still in a loop that waits for it, which is told of', async () => {
    const running = runSmall(scenarioOf(1), () => () => {
      const until = Date.now() + 10
      while (Date.now() < until);
    })
    await expect(running).rejects.toThrow(
      /A loop waits for the clock.* while it handled order-0 \(attempt 1\), at .*virtual-globals\.test\.ts:\d+/,
    )
  })
})

describe('inside of a handler, a timer', () => {
  it('can be cleared, as itself and as a number', async () => {
    const fired = await insideOne(async () => {
      const seen: string[] = []
      clearTimeout(setTimeout(() => seen.push('cleared'), 5))
      clearTimeout(Number(setTimeout(() => seen.push('cleared by number'), 5)))
      clearImmediate(setImmediate(() => seen.push('cleared immediate')))
      const interval = setInterval(() => {
        seen.push('tick')
        if (seen.length === 3) clearInterval(interval)
      }, 10)
      await wait(100)
      return seen
    })
    expect(fired).toEqual(['tick', 'tick', 'tick'])
  })

  it('knows what a timer of Node knows', async () => {
    const found = await insideOne(async () => {
      const timer = setTimeout(() => {}, 50)
      const before = timer.hasRef()
      const after = timer.unref().hasRef()
      await wait(40)
      timer.refresh()
      const time = await taken(() => new Promise((resolve) => timer.ref() && setTimeout(resolve, 5, 'x')))
      return [before, after, time]
    })
    expect(found).toEqual([true, false, 5])
  })

  it('comes in the order of the times, then in that of setting; an immediate before all that wait', async () => {
    const order = await insideOne(async () => {
      const seen: string[] = []
      setTimeout(() => seen.push('2 ms'), 2)
      setTimeout((text: string) => seen.push(text), 1, '1 ms')
      setTimeout(() => seen.push('0 is 1 ms'), 0)
      namedImmediate(() => seen.push('immediate'))
      queueMicrotask(() => seen.push('microtask'))
      process.nextTick(() => seen.push('tick'))
      await wait(3)
      return seen
    })
    expect(order).toEqual(['tick', 'microtask', 'immediate', '1 ms', '0 is 1 ms', '2 ms'])
  })

  it('can be aborted', async () => {
    const found = await insideOne(async () => {
      const controller = new AbortController()
      setTimeout(() => controller.abort('enough'), 10)
      const aborted = await wait(moment, 'x', { signal: controller.signal }).catch((error: unknown) => error)
      const already = await scheduler.wait(1, { signal: AbortSignal.abort() }).catch((error: unknown) => error)
      return [aborted, already].map((error) =>
        error instanceof Error ? [error.name, 'code' in error && error.code] : [],
      )
    })
    expect(found).toEqual([
      ['AbortError', 'ABORT_ERR'],
      ['AbortError', 'ABORT_ERR'],
    ])
  })

  it('lies behind AbortSignal.timeout', async () => {
    const found = await insideOne(async () => {
      const signal = AbortSignal.timeout(moment)
      const time = await taken(() => new Promise((resolve) => signal.addEventListener('abort', resolve)))
      return [time, signal.aborted, signal.reason instanceof DOMException && signal.reason.name]
    })
    expect(found).toEqual([moment, true, 'TimeoutError'])
  })

  it('lies behind an interval that is iterated', async () => {
    const found = await insideOne(async () => {
      const seen: unknown[] = []
      for await (const value of timerPromises.setInterval(100, 'again')) {
        if (seen.push([value, performance.now()]) === 3) break
      }
      return seen.map((each) => (Array.isArray(each) ? each[0] : undefined))
    })
    expect(found).toEqual(['again', 'again', 'again'])
  })
})

describe('inside of a handler, chance', () => {
  const draw = (): unknown[] => [
    Math.random(),
    randomUUID(),
    webcrypto.randomUUID(),
    crypto.getRandomValues(new Uint16Array(4)).join(),
    randomBytes(8).toString('hex'),
    randomInt(1000),
    randomInt(5, 7),
    randomFillSync(Buffer.alloc(4), 2).toString('hex'),
  ]

  it('is that of the scenario: the same in each run', async () => {
    const [one, other] = [await insideOne(draw), await insideOne(draw)]
    expect(one).toEqual(other)
    expect(one[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(String(one[7]).slice(0, 4)).toBe('0000')
    expect(new Set(one).size).toBe(one.length)
  })

  it('is another for each message, whatever the others draw', async () => {
    const drawn = async (greedy: string): Promise<Record<string, number>> => {
      const found: Record<string, number> = {}
      await runSmall(scenarioOf(3), () => ({ id }) => {
        if (id === greedy) for (let n = 0; n < 10; n++) Math.random()
        found[id] = Math.random()
      })
      return found
    }
    const [plain, greedy] = [await drawn('none'), await drawn('order-0')]
    expect(new Set(Object.values(plain)).size).toBe(3)
    expect(greedy['order-1']).toBe(plain['order-1'])
    expect(greedy['order-0']).not.toBe(plain['order-0'])
  })
})

describe('outside of every handler', () => {
  it('everything is as Node made it', async () => {
    await insideOne(() => 1)
    expect(Math.abs(Date.now() - performance.timeOrigin - performance.now())).toBeLessThan(60_000)
    expect(new Date().getFullYear()).toBe(new Date(performance.timeOrigin + performance.now()).getFullYear())
    expect([Date.name, Date.length, setTimeout.name, Math.random.name, fetch.name]).toEqual([
      'Date',
      7,
      'setTimeout',
      'random',
      'fetch',
    ])
    class Later extends Date {}
    expect(new Later(5).getTime()).toBe(5)
    expect(new Later()).toBeInstanceOf(Later)
    const before = performance.now()
    await sleep(20)
    expect(performance.now() - before).toBeGreaterThan(15)
    expect(Math.random()).not.toBe(Math.random())
    expect(setTimeout(() => {}, 0).constructor.name).toBe('Timeout')
    expect(() => setTimeout(7 as never, 1)).toThrow(/"callback" argument must be of type function/)
  })
})
