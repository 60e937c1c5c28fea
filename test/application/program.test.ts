import { describe, expect, it } from 'vitest'
import type { Program } from '../../src/application/program.ts'
import { all, perform, race, sleep, spawn, start } from '../../src/application/program.ts'
import { runSolo, soloWorld } from './quiet-world.ts'

function* after<T>(duration: number, value: T): Program<T> {
  yield* sleep(duration)
  return value
}

describe('a program', () => {
  it('goes on when its operation answers, at the virtual time of the answer', () => {
    const lines = runSolo((process, log) => {
      start(
        process,
        (function* () {
          log('before')
          yield* sleep(1500)
          log('after')
        })(),
      )
    })
    expect(lines).toEqual(['0 before', '1500 after'])
  })

  it('waits for all, and has the results in the order of the programs', () => {
    const lines = runSolo((process, log) => {
      start(process, all([after(30, 'slow'), after(10, 'fast')]), (results) => log(results.join(' ')))
    })
    expect(lines).toEqual(['30 slow fast'])
  })

  it('drops the losers of a race where they stand', () => {
    const lines = runSolo((process, log) => {
      const loser = (function* (): Program<string> {
        yield* sleep(30)
        log('the loser went on')
        return 'loser'
      })()
      start(process, race([after(10, 'winner'), loser]), (result) => log(result))
    })
    expect(lines).toEqual(['10 winner'])
  })

  it('is dropped by a crash without running what follows', () => {
    const lines: string[] = []
    const world = soloWorld((process) => {
      start(
        process,
        (function* () {
          try {
            yield* sleep(1_000_000)
            lines.push('went on')
          } finally {
            lines.push('cleaned up')
          }
        })(),
      )
      if (process.incarnation === 1) process.setTimer(500, () => process.exit(5_000_000_000))
    })
    world.begin()
    world.advance()
    expect(lines).toEqual([])
  })

  it('does not deepen the stack when operations answer at once', () => {
    const lines = runSolo((process, log) => {
      start(
        process,
        (function* () {
          let sum = 0
          for (let round = 0; round < 100_000; round++) sum += yield* perform<number>('one', (resume) => resume(1))
          log(String(sum))
        })(),
      )
    })
    expect(lines).toEqual(['0 100000'])
  })

  it('runs beside what it spawned, and can cancel it', () => {
    const lines = runSolo((process, log) => {
      start(
        process,
        (function* () {
          const kept = yield* spawn(after(20, undefined))
          const dropped = yield* spawn(
            (function* () {
              yield* sleep(20)
              log('the cancelled one went on')
            })(),
          )
          dropped.cancel()
          yield* sleep(50)
          log(`over ${kept !== dropped}`)
        })(),
      )
    })
    expect(lines).toEqual(['50 over true'])
  })
})
