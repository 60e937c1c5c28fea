import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { askPrediction, choiceMeant } from '../../src/cli/ask-prediction.ts'

const choices = ['yes', 'most of them', 'none', 'no idea']

function desk(typed: string) {
  const input = new PassThrough()
  const output = new PassThrough()
  input.end(typed)
  return { input, output }
}

describe('asking for a prediction', () => {
  it('takes the number of a choice', async () => {
    expect(await askPrediction(choices, desk('2\n'))).toEqual({ kind: 'choice', choice: 'most of them' })
  })

  it('asks again until the answer is a choice', async () => {
    const at = desk('7\nmaybe\nMost\n')
    expect(await askPrediction(choices, at)).toEqual({ kind: 'choice', choice: 'most of them' })
    at.output.end()
    expect((await text(at.output)).match(/Write a number from 1 to 4/g)).toHaveLength(2)
  })

  it('takes the end of the input for no prediction', async () => {
    expect(await askPrediction(choices, desk('maybe\n'))).toEqual({ kind: 'none' })
  })

  it.each([
    ['none', 'none'],
    ['NON', 'none'],
    ['no', undefined],
    ['', undefined],
    ['0', undefined],
    ['5', undefined],
    [' 1 ', 'yes'],
  ])('takes "%s" for %s', (said, meant) => {
    expect(choiceMeant(said, choices)).toBe(meant)
  })
})
