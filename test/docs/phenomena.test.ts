import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { kinesisRows } from '../../scripts/kinesis-rates.ts'
import { redisRows } from '../../scripts/redis-rates.ts'
import { sqsRows } from '../../scripts/sqs-rates.ts'

const root = path.resolve(import.meta.dirname, '../..')

describe.each([
  ['redis', redisRows],
  ['sqs', sqsRows],
  ['kinesis', kinesisRows],
])('docs/%s-phenomena.md', (product, rows) => {
  const text = readFileSync(path.join(root, `docs/${product}-phenomena.md`), 'utf8')

  it('has a row for each lesson', () => {
    const lessons = readdirSync(path.join(root, 'scenarios', product)).map((file) => file.replace('.yaml', ''))
    expect(lessons.length).toBeGreaterThan(15)
    expect(lessons.filter((lesson) => !text.includes(`\`${lesson}\``))).toEqual([])
  })

  it('tells of what may happen to this product, all that is measured and nothing else', () => {
    const table = text.slice(text.indexOf('| row | what may happen'))
    const written = table
      .split('\n')
      .slice(2)
      .flatMap((line) => {
        const [, row, what, , remedy] = line.split('|').map((cell) => cell.trim())
        return row === undefined ? [] : [[row, what, /\((.*)\)$/.exec(remedy ?? '')?.[1]]]
      })
    expect(written).toEqual(rows.map(({ row, what, remedy }) => [row, what, remedy]))
  })
})
