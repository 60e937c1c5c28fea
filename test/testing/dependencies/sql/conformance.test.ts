import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareMany } from '../../../application/stores/database/conformance/compare-many.ts'
import type { RealServer } from '../../../application/stores/database/conformance/real-server.ts'
import { missingServer, startServer } from '../../../application/stores/database/conformance/real-server.ts'
import { sqlParserReady } from '../../../../src/testing/dependencies/sql/parse.ts'
import { play, playOnCore } from './compare-statements.ts'
import { stories } from './statements.ts'
import { throughSql } from './through-sql.ts'

const minutes = 60_000

describe('SQL on the simulated database and on a real server', () => {
  let server: RealServer | string = missingServer() ?? ''

  beforeAll(async () => {
    await sqlParserReady()
    if (server === '') server = await startServer()
  }, minutes)

  afterAll(async () => {
    if (typeof server !== 'string') await server.stop()
  })

  it.for(stories)('comes to the same: $name', async (story, context) => {
    if (typeof server === 'string') return context.skip(server)
    const client = await server.connect()
    await client.query('drop schema public cascade; create schema public')
    const real = await play(client, story)
    await client.end()
    const ours = await playOnCore(story)
    const told = story.statements.map((sql, place) => ({ sql, ours: ours[place], real: real[place] }))
    // What is not supported is named; that it is so seldom, the next line holds.
    const compared = told.filter((each) => each.ours?.startsWith('unsupported') !== true)
    expect(compared.filter((each) => each.ours !== each.real)).toEqual([])
    expect(told.length - compared.length).toBeLessThanOrEqual(4)
  })

  it('comes to the same in sessions that get in each other’s way', { timeout: 4 * minutes }, async (context) => {
    const compared = missingServer() ?? (await compareMany({ sequences: 60, seed: 11, width: 1, through: throughSql }))
    if (typeof compared === 'string') return context.skip(compared)
    expect(compared.differences).toEqual([])
    expect(compared.happened['waits']).toBeGreaterThan(10)
  })
})
