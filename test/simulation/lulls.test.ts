import { describe, expect, it } from 'vitest'
import { Engine } from '../../src/simulation/engine.ts'
import { lastOf, Lulls } from '../../src/simulation/lulls.ts'

describe('a lull', () => {
  it('ends once, for everybody who is in it, on account of what began it', () => {
    const engine = new Engine()
    const lulls = new Lulls(engine)
    const ended: string[] = []
    engine.descendFrom(7)
    lulls.begin(() => ended.push(`one because of ${engine.cause}`))
    engine.descendFrom(8)
    lulls.begin(() => ended.push(`two because of ${engine.cause}`))
    engine.descendFrom(9)
    lulls.end()
    lulls.end()
    expect(ended).toEqual(['one because of 7', 'two because of 8'])
    expect(engine.cause).toBe(9)
  })

  it('is not told of to whoever has left it', () => {
    const lulls = new Lulls(new Engine())
    const ended: string[] = []
    const leave = lulls.begin(() => ended.push('left'))
    lulls.begin(() => ended.push('stayed'))
    leave()
    lulls.end()
    expect(ended).toEqual(['stayed'])
  })

  it('may begin again while it ends, and gets another number', () => {
    const lulls = new Lulls(new Engine())
    let ends = 0
    const again = (): void => {
      ends++
      lulls.begin(again)
    }
    again()
    const { number } = lulls
    lulls.end()
    expect(ends).toBe(2)
    expect(lulls.number).toBe(number + 1)
    lulls.end()
    expect(ends).toBe(3)
  })

  it('leaves the rhythm as it was', () => {
    expect(lastOf(100, 500, 100)).toBe(100)
    expect(lastOf(100, 500, 599)).toBe(100)
    expect(lastOf(100, 500, 1_600)).toBe(1_600)
    expect(lastOf(100, Infinity, 10_000)).toBe(100)
  })
})
