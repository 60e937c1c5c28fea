import { describe, expect, it } from 'vitest'
import { kafka, kinesis, memory, rabbitmq, redis, sqs } from '../../../src/testing/index.ts'

describe('what says which system messages come over', () => {
  it.each(Object.entries({ kafka, kinesis, memory, rabbitmq, redis, sqs }))(
    '%s refuses what is no object in a sentence',
    (name, system) => {
      for (const wrong of [null, 'orders', 5, ['orders']])
        expect(() => Reflect.apply(system, undefined, [wrong])).toThrow(
          `The check cannot be run: ${name}() takes an object of options, or nothing at all`,
        )
      expect(system().from).toBe('options')
    },
  )
})
