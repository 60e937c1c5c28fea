import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareEdges } from './compare-edges.ts'
import type { Compared } from './compare-many.ts'
import { compareMany } from './compare-many.ts'
import type { RealServer } from './real-server.ts'
import { startServer } from './real-server.ts'

const sequences = 150
const minutes = 60_000

/** What has to happen in so many sequences; a comparison that never gets there compares nothing. */
const essentials = [
  'deliver',
  'deliver again',
  'deliver to one of several',
  'got',
  'buried: expired',
  'buried: maxlen',
  'buried: rejected',
  'dead-lettered to 1',
  'refused',
  'requeued',
  'return',
  'confirm: ack',
  'channel-closed: 406 unknown',
]

describe('the core and a real server', () => {
  let server: RealServer | string = ''
  let compared: Compared | undefined

  beforeAll(async () => {
    server = await startServer()
    if (typeof server !== 'string') compared = await compareMany({ url: server.url, sequences, seed: 5, width: 12 })
  }, 4 * minutes)

  afterAll(async () => {
    if (typeof server !== 'string') await server.stop()
  }, minutes)

  it('do the same, command by command', (context) => {
    if (compared === undefined) return context.skip(`no real server: ${String(server)}`)
    expect(compared.differences).toEqual([])
    expect(compared.sequences).toBeGreaterThanOrEqual(sequences)
  })

  it('do the same at the edge of what is allowed', async (context) => {
    if (typeof server === 'string') return context.skip(`no real server: ${server}`)
    const { cases, differences } = await compareEdges(server.url)
    expect(differences).toEqual([])
    expect(cases).toBeGreaterThan(100)
  })

  it('are compared in everything that matters', (context) => {
    const happened = compared?.happened
    if (happened === undefined) return context.skip(`no real server: ${String(server)}`)
    expect(essentials.filter((what) => (happened[what] ?? 0) === 0)).toEqual([])
  })
})
