import { expect, it } from 'vitest'
import { run, withRows } from '../../src/run.ts'
import { plainScenario } from './plain-scenario.ts'

it('gives a run other rows, and measures and describes it only where the run does', () => {
  const whole = run(plainScenario({}))
  const other = withRows(whole, [])
  expect(Object.getOwnPropertyDescriptor(Object.getPrototypeOf(other), 'metrics')?.get).toBeTypeOf('function')
  expect(other.metrics).toBe(whole.metrics)
  expect(other.systems).toBe(whole.systems)
  expect(other.parts).toBe(whole.parts)
  expect({ ...other }).toEqual({ ...whole, rows: [] })
})
