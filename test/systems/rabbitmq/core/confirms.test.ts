import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Confirms } from '../../../../src/systems/rabbitmq/core/confirms.ts'

describe('confirms', () => {
  it('answer every publish exactly once, with what its queues said, in whatever order they did', () => {
    const publish = fc.array(fc.boolean(), { maxLength: 3 })
    fc.assert(
      fc.property(fc.array(publish, { maxLength: 12 }), fc.infiniteStream(fc.nat(1_000)), (publishes, numbers) => {
        const confirms = new Confirms()
        const pending = publishes.flatMap((queues) => {
          const sequence = confirms.publish(queues.length)
          return queues.map((accepts) => ({ sequence, accepts }))
        })
        const answers = new Map<number, string>()
        while (pending.length > 0) {
          const [next] = pending.splice((numbers.next().value ?? 0) % pending.length, 1)
          if (next?.accepts === true) confirms.confirm(next.sequence)
          else if (next !== undefined) confirms.reject(next.sequence)
          if ((numbers.next().value ?? 0) % 3 === 0) note(confirms, answers, publishes.length)
        }
        note(confirms, answers, publishes.length)
        const expected = publishes.map((queues, index) => [index + 1, queues.includes(false) ? 'nack' : 'ack'])
        expect([...answers].sort(([one], [other]) => one - other)).toEqual(expected)
      }),
      { numRuns: 500, seed: 1 },
    )
  })
})

/** As a client reads them: `multiple` is about everything up to there that has no answer yet. */
function note(confirms: Confirms, answers: Map<number, string>, published: number): void {
  for (const { answer, sequence, multiple } of confirms.takeAnswers()) {
    expect(answers.has(sequence)).toBe(false)
    for (let open = multiple ? 1 : sequence; open <= Math.min(sequence, published); open++) {
      if (!answers.has(open)) answers.set(open, answer)
    }
  }
}
