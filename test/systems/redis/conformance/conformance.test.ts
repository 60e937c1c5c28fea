import { beforeAll, describe, expect, it } from 'vitest'
import { missingRedis } from '../../../testing/dependencies/ioredis/real-redis.ts'
import type { Compared } from './compare-many.ts'
import { compareMany } from './compare-many.ts'

const plans = 400

/** What has to happen in so many plans; a comparison that never gets there compares nothing. */
const essentials = [
  'added',
  'trimmed',
  'deleted',
  'delivered new',
  'delivered history',
  'delivered claimed',
  'taken-over',
  'acknowledged',
  'forgotten',
  'popped',
  'moved',
  'removed',
  'blocked',
  'served',
  'to another: popped',
  'to another: streams',
  'to another: message',
  'answer: replies',
  'key-gone',
]

describe('The core of Redis and a real server', () => {
  const missing = missingRedis()
  let compared: Compared | undefined

  beforeAll(async () => {
    if (missing === undefined) compared = await compareMany(plans, 11)
  })

  it('answer alike, serve blocked clients alike and write the same to the append-only file', (context) => {
    if (compared === undefined) return context.skip(missing)
    expect(compared.difference).toBeUndefined()
    expect(compared.plans).toBe(plans)
  })

  it('are compared in everything that matters', (context) => {
    const happened = compared?.happened
    if (happened === undefined) return context.skip(missing)
    expect(essentials.filter((what) => (happened[what] ?? 0) === 0)).toEqual([])
  })
})
