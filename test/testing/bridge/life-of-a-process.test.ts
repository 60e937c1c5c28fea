import { writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { deprecate } from 'node:util'
import { describe, expect, it } from 'vitest'
import { logged } from '../../../src/history/facts.ts'
import { memorySettings } from '../../pipeline/plain-scenario.ts'
import type { SmallConsumer } from './small-consumer.ts'
import { insideOne, runSmall, scenarioOf } from './small-consumer.ts'

const redelivering = {
  queue: { kind: 'memory', version: '', settings: memorySettings({ 'visibility-timeout': 5_000_000 }) },
}

/** The lines of the log, and what is told, when this code handles one message as often as it comes. */
async function lived(consumer: SmallConsumer): Promise<readonly string[]> {
  const {
    run: { history },
    problems,
  } = await runSmall(scenarioOf(1, { systems: redelivering }), consumer)
  const lines = [...history].filter(({ kind }) => kind === logged.name)
  return [...lines.map(({ text }) => history.names.text(Number(text))), ...problems.map(({ kind }) => kind)]
}

/** A message comes to a first process, which dies, and to a second. */
const first = ({ process: { incarnation } }: { readonly process: { readonly incarnation: number } }): boolean =>
  incarnation === 1

describe('a simulated process', () => {
  it('has a number and a host of its own', async () => {
    const seen: string[] = []
    await lived((inside) => () => {
      seen.push(`${process.pid} on ${hostname()}`)
      if (first(inside)) process.exit(1)
    })
    expect(seen).toEqual(['1001 on billing', '1002 on billing'])
    expect(process.pid).toBeGreaterThan(0)
    expect(hostname()).not.toBe('billing')
  })

  it('can end itself by a signal, which nobody else hears', async () => {
    const lines = await lived((inside) => () => {
      if (first(inside)) process.kill(process.pid)
      inside.log('handled')
    })
    expect(lines).toEqual(['process.kill(process.pid, SIGTERM)', 'handled'])
  })

  it('hears a signal that it listens to, and lives', async () => {
    const lines = await lived((inside) => async () => {
      process.once('SIGUSR2', (signal) => inside.log(`heard ${signal}`))
      process.kill(process.pid, 'SIGUSR2')
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside.log(process.listenerCount('SIGUSR2'))
    })
    expect(lines).toEqual(['heard SIGUSR2', '0'])
  })

  it('does not reach other processes', async () => {
    expect(
      await insideOne(() => {
        try {
          return process.kill(1, 0)
        } catch (error) {
          return error instanceof Error ? error.message : ''
        }
      }),
    ).toBe('kill ESRCH')
  })

  it('says its last words', async () => {
    const lines = await lived((inside) => () => {
      process.on('exit', (code) => inside.log(`ended with ${code}`))
      if (first(inside)) process.exit(3)
    })
    expect(lines).toEqual(['process.exit(3)', 'ended with 3'])
  })

  it('lives on after an error that it listens to', async () => {
    const lines = await lived((inside) => async () => {
      process.on('uncaughtException', (error) => inside.log(`exception ${error.message}`))
      process.on('unhandledRejection', (reason) => inside.log(`rejection ${String(reason)}`))
      setTimeout(() => {
        throw new Error('one')
      }, 1)
      void Promise.reject(new Error('two'))
      await new Promise((resolve) => setTimeout(resolve, 5))
    })
    expect(lines).toEqual(['rejection Error: two', 'exception one'])
  })

  it('ends by the second error when it listens once', async () => {
    const lines = await lived((inside) => async () => {
      if (!first(inside)) return
      process.once('uncaughtException', (error) => inside.log(`exception ${error.message}`))
      for (const [delay, name] of ['one', 'two'].entries())
        setTimeout(() => {
          throw new Error(name)
        }, delay + 1)
      await new Promise((resolve) => setTimeout(resolve, 5))
    })
    expect(lines).toEqual(['exception one', 'uncaught Error: two', 'uncaught'])
  })

  it('ends when the listener throws too', async () => {
    const lines = await lived((inside) => async () => {
      if (!first(inside)) return
      process.on('uncaughtException', () => {
        throw new Error('again')
      })
      setTimeout(() => {
        throw new Error('once')
      }, 1)
      await new Promise((resolve) => setTimeout(resolve, 5))
    })
    expect(lines).toEqual(['uncaught Error: again', 'uncaught'])
  })

  it('writes to the log what it writes to the standard streams', async () => {
    const lines = await lived(() => async () => {
      process.stdout.write('one\n')
      await new Promise((resolve) => process.stderr.write('two', resolve))
      writeSync(1, Buffer.from('xthreex'), 1, 5)
      process.emitWarning('four')
    })
    expect(lines).toEqual(['one', 'two', 'three', 'warning: four'])
  })

  it('does not write what Node tells only once in the life of the real process', async () => {
    const deprecated = deprecate(() => {}, 'old')
    const lines = await lived(() => async () => {
      deprecated()
      process.emitWarning('new', { type: 'ExperimentalWarning' })
      process.emitWarning(Object.assign(new Error('old too'), { name: 'DeprecationWarning' }))
      process.emitWarning('odd', 'OddWarning')
    })
    expect(lines).toEqual(['warning: odd'])
  })

  it('cannot change how the real one ends', async () => {
    const before = process.exitCode
    await insideOne(() => (process.exitCode = 7))
    expect(process.exitCode).toBe(before)
  })
})
