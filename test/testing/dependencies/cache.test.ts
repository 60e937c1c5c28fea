import { describe, expect, it } from 'vitest'
import { crashAt, runWithDependencies } from './dependencies-run.ts'

const kinds = { cache: ['cache', { replica: false }] } as const
const stores = { caches: { cache: {} } }

describe('the client of the cache that a handler gets', () => {
  it('executes commands, pipelines and transactions', async () => {
    const seen: unknown[] = []
    const { state } = await runWithDependencies({
      stores,
      kinds,
      messages: 3,
      consumer:
        ({ cache }) =>
        async ({ id }) => {
          seen.push(await cache.set(`seen:${id}`, 'ä', 'EX', 60, 'NX'), await cache.get(`seen:${id}`))
          seen.push(await cache.multi().incr('n').expire('n', 5).exec())
          seen.push(await cache.pipeline().hset('h', { a: 1 }).hgetall('h').exec())
        },
    })
    expect(seen.slice(0, 4)).toEqual([
      'OK',
      'ä',
      [
        [null, 1],
        [null, 1],
      ],
      [
        [null, 1],
        [null, { a: '1' }],
      ],
    ])
    expect(state.caches['cache']?.keys).toMatchObject({ 'seen:order-2': 'ä', n: '3', h: { a: '1' } })
  })

  it('holds the same in the end, whatever came first, where it has no order', async () => {
    const texts = await Promise.all(
      [
        ['b', 'a'],
        ['a', 'b'],
      ].map(async (names) => {
        const { state } = await runWithDependencies({
          stores,
          kinds,
          messages: 1,
          consumer:
            ({ cache }) =>
            async () => {
              for (const name of names)
                await cache.multi().hset('hash', name, '1').sadd('set', name).zadd('scores', 1, name).exec()
            },
        })
        return JSON.stringify(state.caches['cache']?.keys)
      }),
    )
    expect(texts[0]).toBe(texts[1])
  })

  it('throws what the server says, and names what is not simulated', async () => {
    const errors: string[] = []
    const { dependencies } = await runWithDependencies({
      stores,
      kinds,
      messages: 1,
      consumer:
        ({ cache }) =>
        async () => {
          const note = (error: Error): number => errors.push(`${error.name}: ${error.message}`)
          await cache.set('x', 'text')
          await cache.incr('x').catch(note)
          await cache.lpush('x', 'y').catch(note)
          await cache.eval('return 1', 0).catch(note)
        },
    })
    expect(errors).toEqual([
      'ReplyError: ERR value is not an integer or out of range',
      'ReplyError: WRONGTYPE Operation against a key holding the wrong kind of value',
      expect.stringContaining("unknown command 'eval'"),
    ])
    expect(dependencies.unsupported.map(({ message }) => message)).toEqual([
      'the simulated cache does not support the command EVAL',
    ])
  })

  it('keeps commands while there is no server, and executes them when there is one again', async () => {
    const events: string[] = []
    const { state, verdicts } = await runWithDependencies({
      stores,
      kinds,
      faults: [{ ...crashAt('key-written', {}), targets: [['cache']] }],
      consumer: ({ cache }) => {
        cache.on('error', (error) => events.push(error.message))
        cache.on('close', () => events.push('close'))
        return async ({ id }) => {
          await cache.sadd('seen', id)
        }
      },
    })
    expect(events).toContain('connect ECONNREFUSED')
    expect(verdicts).toMatchObject({ 'no-loss/delivery': 'holds' })
    // What it had in memory is gone with the process, but for what the client sent again.
    expect(state.caches['cache']?.keys['seen']).toContain('order-9')
  })

  it('gives up a command after so many attempts, as it is told to', async () => {
    const errors: string[] = []
    await runWithDependencies({
      stores: { caches: { cache: { client: { maxRetriesPerRequest: 1 } } } },
      kinds,
      messages: 3,
      faults: [{ ...crashAt('key-written', {}), targets: [['cache']], duration: 20_000_000 }],
      consumer: ({ cache }) => {
        cache.on('error', () => undefined)
        return async ({ id }) => {
          await cache.set(id, '1').catch((error: Error) => errors.push(error.name))
        }
      },
    })
    expect(errors[0]).toBe('MaxRetriesPerRequestError')
  })
})
