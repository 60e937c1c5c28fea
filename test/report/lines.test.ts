import { describe, expect, it } from 'vitest'
import { fitted } from '../../src/report/lines.ts'

describe('a text for a terminal', () => {
  it('goes on below and a little deeper where it is too long', () => {
    expect(fitted('short\n  one two three four five six seven', 24)).toBe(
      'short\n  one two three four\n    five six seven',
    )
  })

  it('does not count colours', () => {
    const red = `${String.fromCodePoint(27)}[31mone two three four${String.fromCodePoint(27)}[39m`
    expect(fitted(red, 20)).toBe(red)
  })

  it('breaks no command and no line that fits, however it is set', () => {
    const text = 'a     b\nagain: npx onceproof run a-file-with-a-long-name.yaml --seed 1'
    expect(fitted(text, 20)).toBe(text)
  })
})
