import { describe, expect, it } from 'vitest'
import { matrixPage } from '../../src/report/html/matrix-page.ts'
import type { MatrixView } from '../../src/report/matrix-text.ts'
import { matrixMark, matrixText } from '../../src/report/matrix-text.ts'
import { plainStyle } from '../../src/report/paint.ts'

const view: MatrixView = {
  points: [
    { name: 'F0', title: 'crash <before> the effect' },
    { name: 'F1', title: 'crash after it' },
    { name: 'F2', title: 'nothing' },
  ],
  rows: [
    {
      strategy: 'none',
      why: 'It is not safe.',
      cells: [
        { outcomes: [{ outcome: 'safe', count: 3 }], example: { where: 'at 1', scenario: 'title: one\n' } },
        {
          outcomes: [
            { outcome: 'duplicate', count: 1 },
            { outcome: 'safe', count: 2 },
          ],
          example: { where: 'at 2', scenario: 'title: two\n' },
        },
        { outcomes: [], example: undefined },
      ],
    },
  ],
}

describe('the matrix of strategies', () => {
  it('marks what always and what sometimes breaks, and what does not exist', () => {
    expect(view.rows[0]?.cells.map(matrixMark)).toEqual(['S', 'D?', '-'])
    expect(matrixMark({ outcomes: [{ outcome: 'lost', count: 2 }], example: undefined })).toBe('L!')
  })

  it('is a table in a terminal, with the meaning of its columns', () => {
    const text = matrixText(view, plainStyle)
    expect(
      text
        .split('\n')
        .slice(0, 2)
        .map((line) => line.trim().split(/\s+/)),
    ).toEqual([
      ['strategy', 'F0', 'F1', 'F2'],
      ['none', 'S', 'D?', '-'],
    ])
    expect(text).toContain('crash after it')
  })

  it('is told strategy by strategy where a terminal is too narrow for the table', () => {
    const lines = matrixText(view, plainStyle, 19).split('\n')
    expect(lines.slice(0, 2)).toEqual(['none', '  F0 S · F1 D? · F2 -'])
  })

  it('is a page on which a cell leads to its scenario, and nothing is taken for markup', () => {
    const html = matrixPage(view)
    const targets = [...html.matchAll(/href="#(cell-[^"]+)"/g)].map((match) => match[1])
    expect(targets).toEqual(['cell-0-0', 'cell-0-1'])
    for (const target of targets) expect(html).toContain(`id="${target}"`)
    expect(html).toContain('crash &lt;before&gt; the effect')
    expect(matrixPage(view)).toBe(html)
  })

  it('says what the letters mean before anybody meets one', () => {
    const html = matrixPage(view)
    expect(html.indexOf('S safe')).toBeGreaterThan(0)
    expect(html.indexOf('S safe')).toBeLessThan(html.indexOf('<table'))
  })
})
