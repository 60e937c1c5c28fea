import { createHash, generateKeyPair, generateKeyPairSync, pbkdf2, webcrypto } from 'node:crypto'
import { openSync, readFile, writeFileSync } from 'node:fs'
import { readFile as read } from 'node:fs/promises'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { runInThisContext } from 'node:vm'
import { createGzip, gunzip, gzip, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../../src/testing/bridge/problem.ts'
import { UserCodeError } from '../../../src/testing/bridge/problem.ts'
import { insideOne, runSmall, scenarioOf, type SmallTools } from './small-consumer.ts'
import { realTimers } from './real-timers.ts'

/** What ends the run of a consumer that handles its messages so. */
async function ended(code: (tools: SmallTools) => unknown): Promise<Problem> {
  const limits = { promises: 100_000, seconds: 1 }
  const error: unknown = await runSmall(
    scenarioOf(3),
    () => async (_message, tools) => void (await code(tools)),
    limits,
  ).then(
    () => 'nothing',
    (reason: unknown) => reason,
  )
  if (error instanceof UserCodeError) return error.problem
  throw new Error(`It ended with ${String(error)}.`)
}

/** What is told of a run that came to its end. */
async function told(code: (tools: SmallTools) => unknown): Promise<readonly string[]> {
  const { problems } = await runSmall(scenarioOf(1), () => (_message, tools) => code(tools))
  return problems.map(({ kind, message }) => `${kind}: ${message}`)
}

const here = /attempts-to-lie\.test\.ts:\d+:\d+$/

describe('a real resource is named with the line', () => {
  it.each<[string, RegExp, () => unknown]>([
    [
      'a timer that was taken before',
      /a real timer.* import that first/,
      () => new Promise((resolve) => realTimers.setTimeout(resolve, 1)),
    ],
    [
      'an immediate that was taken before',
      /a real timer/,
      () => new Promise((resolve) => realTimers.setImmediate(resolve)),
    ],
    ['a file', /uses a file/, () => read(import.meta.filename)],
    ['a file with a callback', /uses a file/, () => promisify(readFile)(import.meta.filename)],
    ['a socket', /opens a connection to 127\.0\.0\.1:9/, () => connect(9, '127.0.0.1')],
    ['a web request of a library', /opens a connection to|asks the DNS/, () => fetchOfALibrary()],
    ['the DNS', /asks the DNS for example\.com/, async () => (await import('node:dns')).promises.lookup('example.com')],
    ['a program', /starts the program true/, async () => (await import('node:child_process')).spawn('true')],
    ['a file that is written at once', /writes to \/nowhere\/at\/all/, () => writeFileSync('/nowhere/at/all', 'x')],
    ['a file that is opened to be written', /writes to \/nowhere/, () => openSync('/nowhere', 'a')],
    ['another folder', /changes its folder to \//, () => process.chdir('/')],
    [
      'a worker',
      /uses a worker thread/,
      async () => new (await import('node:worker_threads')).Worker('', { eval: true }).unref(),
    ],
  ])('%s', async (_name, message, code) => {
    const problem = await ended(code)
    expect(problem).toMatchObject({
      kind: 'real-resource',
      node: 'billing',
      handling: { message: 'order-0', attempt: 1 },
    })
    expect(problem.message).toMatch(message)
    expect(problem.line).toMatch(here)
  })

  it('also while operations of the simulation are going on', async () => {
    const problem = await ended(async ({ sleep, effect }) => {
      await Promise.all([sleep(5), effect(), read(import.meta.filename)])
    })
    expect(problem.message).toMatch(/a file/)
  })

  it('also when the handler catches everything', async () => {
    const problem = await ended(async () => {
      try {
        await new Promise((resolve, reject) => connect(9, '127.0.0.1').on('error', reject).on('connect', resolve))
      } catch {
        // As if nothing had happened.
      }
    })
    expect(problem.message).toMatch(/opens a connection to 127\.0\.0\.1:9/)
  })
})

async function fetchOfALibrary(): Promise<unknown> {
  const { get } = await import('node:http')
  return new Promise((resolve, reject) => get('http://127.0.0.1:9/', resolve).on('error', reject))
}

describe('code that goes on for ever is broken off and named', () => {
  it.each<[string, () => unknown]>([
    [
      'awaiting nothing',
      async () => {
        for (;;) await Promise.resolve()
      },
    ],
    [
      'promises that make promises',
      () => {
        const again = (): Promise<unknown> => Promise.resolve().then(again)
        return again()
      },
    ],
    [
      'ticks',
      () =>
        new Promise(() => {
          const again = (): void => process.nextTick(again)
          again()
        }),
    ],
    [
      'microtasks',
      () =>
        new Promise(() => {
          const again = (): void => queueMicrotask(again)
          again()
        }),
    ],
    [
      'a loop that makes promises',
      () => {
        for (;;) if (Promise.resolve() === undefined) return
      },
    ],
    [
      'a loop',
      () => {
        for (;;) createHash('sha256').update('x').digest()
      },
    ],
    ['a thread that is stopped', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)],
    [
      'a loop after a wait',
      async () => {
        await Promise.resolve()
        for (;;);
      },
    ],
  ])('%s', async (_name, code) => {
    const problem = await ended(code)
    expect(problem).toMatchObject({ kind: 'endless', handling: { message: 'order-0', attempt: 1 } })
    expect(problem.line).toMatch(/attempts-to-lie\.test\.ts:\d+/)
    // The process is as it was.
    expect(await insideOne(async () => (await Promise.resolve(7)) + 1)).toBe(8)
  })
})

describe('work that only takes a thread is waited for, at no virtual time', () => {
  it.each<[string, () => unknown]>([
    ['a module', () => import('node:dgram')],
    ['a module of the user', () => import('./module-of-the-user.ts')],
    ['a digest', () => webcrypto.subtle.digest('SHA-256', Buffer.from('x'))],
    ['a key', () => promisify(pbkdf2)('a', 'b', 50_000, 32, 'sha256')],
    ['compression', async () => promisify(gunzip)(await promisify(gzip)(Buffer.alloc(300_000, 'abc')))],
    ['compression at once', () => gzipSync(Buffer.alloc(1000))],
    ['a key that is made', () => promisify(generateKeyPair)('ed25519')],
    ['a key that is made at once', () => generateKeyPairSync('ed25519')],
    ['WebAssembly', () => runInThisContext('WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))')],
    ['a blob', () => new Blob(['abc']).text()],
  ])('%s', async (_name, code) => {
    const taken = await insideOne(async () => {
      const before = Date.now()
      await code()
      return Date.now() - before
    })
    expect(taken).toBe(0)
  })
})

describe('a stream that compresses', () => {
  it('is waited for at each of its chunks, however long it rests between', async () => {
    const taken = await insideOne(async ({ sleep }) => {
      const before = Date.now()
      const zip = createGzip().resume()
      for (const letter of ['a', 'b', 'c']) {
        await new Promise((resolve) => zip.write(Buffer.alloc(300_000, letter), resolve))
        await sleep(20)
      }
      await promisify(zip.end.bind(zip))()
      return Date.now() - before
    })
    expect(taken).toBe(60)
  })
})

describe('what a handler leaves behind is told of', () => {
  it('an operation that is still going on when it returns', async () => {
    expect(await told(({ effect }) => void effect())).toEqual([
      'left-behind: returned and did not wait for apply to ledger',
    ])
  })

  it('an operation that begins when it has returned', async () => {
    expect(await told(({ effect }) => void setTimeout(() => void effect(), 1))).toEqual([
      'left-behind: had returned when apply to ledger began',
    ])
  })

  it('a rejection that nobody handles, which ends the process', async () => {
    const found = await told(({ inside }) => {
      if (inside.process.incarnation === 1) void Promise.reject(new Error('nobody looks'))
    })
    expect(found).toEqual(['uncaught: billing was ended by an error that nobody caught (Error: nobody looks)'])
  })

  it('an error in a callback of a timer', async () => {
    const found = await told(({ inside }) => {
      if (inside.process.incarnation > 1) return
      setTimeout(() => {
        throw new TypeError('too late')
      }, 1)
    })
    expect(found).toEqual(['uncaught: billing was ended by an error that nobody caught (TypeError: too late)'])
  })

  it('a handler that waits for what never comes', async () => {
    expect(await told(() => new Promise(() => {}))).toEqual(['never-settled: waits for something that never happens'])
  })

  it('an error in a microtask', async () => {
    const found = await told(({ inside }) => {
      if (inside.process.incarnation > 1) return
      queueMicrotask(() => {
        throw new TypeError('at once')
      })
    })
    expect(found).toEqual(['uncaught: billing was ended by an error that nobody caught (TypeError: at once)'])
  })

  it.each<[string, () => unknown]>([
    ['a proxy', () => new Proxy({}, { getPrototypeOf: () => expect.unreachable(), get: () => expect.unreachable() })],
    ['an error', () => Object.defineProperty(new Error('x'), 'message', { get: () => expect.unreachable() })],
  ])('what is thrown and cannot be looked at: %s', async (_name, thrown) => {
    const found = await told(({ inside }) => {
      if (inside.process.incarnation > 1) return
      queueMicrotask(() => {
        throw thrown()
      })
    })
    expect(found).toEqual([
      'uncaught: billing was ended by an error that nobody caught (something that cannot be looked at)',
    ])
  })

  it('nothing, where all is in order', async () => {
    const found = await told(async ({ effect, sleep }) => {
      const timeout = setTimeout(() => {}, 1000)
      await Promise.allSettled([effect(), sleep(1), Promise.reject(new Error('handled'))])
      clearTimeout(timeout)
    })
    expect(found).toEqual([])
  })
})
