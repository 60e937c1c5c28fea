import { beforeAll, describe, expect, it } from 'vitest'
import type { Compared } from './compare-many.ts'
import { compareMany } from './compare-many.ts'
import { missingServer } from './real-server.ts'

const sequences = 200
const minutes = 60_000

/** What has to happen in so many sequences; a comparison that never gets there compares nothing. */
const essentials = [
  'waits',
  '23505',
  '40001',
  '25P02',
  '3B001',
  'select',
  'insert',
  'update',
  'delete',
  'advisory-lock',
]

describe('the core of the database and a real server', () => {
  let compared: Compared | string = missingServer() ?? ''

  beforeAll(async () => {
    if (compared === '') compared = await compareMany({ sequences, seed: 5, width: 1 })
  }, 4 * minutes)

  it('do the same, statement by statement, at every isolation level', (context) => {
    if (typeof compared === 'string') return context.skip(compared)
    expect(compared.differences).toEqual([])
    expect(compared.sequences).toBeGreaterThanOrEqual(sequences)
  })

  it('are compared in everything that matters', (context) => {
    if (typeof compared === 'string') return context.skip(compared)
    const { happened } = compared
    expect(essentials.filter((what) => (happened[what] ?? 0) === 0)).toEqual([])
  })
})
