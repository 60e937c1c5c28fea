import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { strategies } from '../../../src/application/strategies/registry.ts'

it('docs/idempotency.md says of every strategy what the strategy says of itself', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/idempotency.md'), 'utf8')
  const rows = strategies.map(({ name, summary, why }) => `| \`${name}\` | ${summary} | ${why} |`)
  expect(page.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows)
})
