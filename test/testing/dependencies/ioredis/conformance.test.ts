import { describe, expect, it } from 'vitest'
import { compareCommands } from './compare-commands.ts'
import { missingRedis, startRedis } from './real-redis.ts'

describe('commands on the simulated cache and on a real server', () => {
  it('come to the same', { timeout: 60_000 }, async (context) => {
    const missing = missingRedis()
    if (missing !== undefined) return context.skip(missing)
    const server = await startRedis()
    try {
      expect(await compareCommands(server.client, 150, 7)).toBeGreaterThan(2_000)
    } finally {
      await server.stop()
    }
  })
})
