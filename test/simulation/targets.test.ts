import { describe, expect, it } from 'vitest'
import { Random } from '../../src/simulation/random.ts'
import type { Targets } from '../../src/simulation/targets.ts'
import { smallWorld } from './small-world.ts'

function someNodes(): Targets {
  const world = smallWorld()
  for (const name of ['b1', 'b2']) world.addNode({ name, zone: name === 'b1' ? 'x' : 'y', start: () => {} })
  for (const name of ['c1', 'c2', 'c3']) world.addNode({ name, zone: 'x', start: () => {} })
  return world.targets
}

/** Says whom an expression means among two brokers and three consumers. */
function cluster(): (expression: string) => string {
  const targets = someNodes()
  targets.addToGroup('consumer', ['c1', 'c2', 'c3'])
  targets.addRole('leader', (partition) => (partition === 'orders/0' ? ['b1'] : []))
  const names = (expression: string): string[] =>
    targets.resolve(expression, new Random('targets')).map(({ name }) => name)
  return (expression) => names(expression).join(' ')
}

describe('a target', () => {
  it('is a node, a group, one of a group by its place, everybody in a zone, or whoever plays a role', () => {
    const resolve = cluster()
    expect(resolve('b2')).toBe('b2')
    expect(resolve('consumer')).toBe('c1 c2 c3')
    expect(resolve('consumer 2')).toBe('c2')
    expect(resolve('zone(x)')).toBe('b1 c1 c2 c3')
    expect(resolve('leader(orders/0)')).toBe('b1')
    expect(resolve('all')).toBe('b1 b2 c1 c2 c3')
  })

  it('is one that is drawn with any, always the same for the same stream', () => {
    const resolve = cluster()
    expect(['c1', 'c2', 'c3']).toContain(resolve('any consumer'))
    expect(resolve('any consumer')).toBe(resolve('any consumer'))
    expect(resolve('any b2')).toBe('b2')
  })

  it('is nobody where nobody has the name, the place or the role', () => {
    const resolve = cluster()
    for (const expression of ['nobody', 'consumer 4', 'leader(orders/9)', 'zone(z)', 'boss(x)', '']) {
      expect(resolve(expression)).toBe('')
    }
  })

  it('that means nothing is told from one that can, with what could be meant', () => {
    const targets = someNodes()
    targets.addToGroup('consumer', ['c1'])
    expect(targets.unknown('consumer')).toBeUndefined()
    expect(targets.unknown('zone(q)')).toBeUndefined()
    expect(targets.unknown('consumr')).toContain('consumer')
    expect(targets.unknown('leader(x)')).toEqual(['zone'])
    expect(targets.unknown('consumer 2')).toEqual(['c1'])
  })
})
