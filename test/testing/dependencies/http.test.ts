import { describe, expect, it } from 'vitest'
import { chargesWithIdempotencyKeys, charges, api, mail } from '../../../src/testing/dependencies/http/simulated-api.ts'
import { routesOf } from '../../../src/testing/dependencies/http/routes.ts'
import { crashAt, runWithDependencies } from './dependencies-run.ts'

const url = 'https://api.example.com/charges'
const kinds = { 'api-example-com': 'http-api' } as const
const crashAfterCharge = crashAt('effect-applied', { message: 'order-3' })

describe('the fetch that a handler gets', () => {
  it('reaches APIs whose calls are effects, once with an idempotency key', async () => {
    const seen: unknown[] = []
    const { verdicts, state } = await runWithDependencies({
      stores: { apis: { [`POST ${url}`]: chargesWithIdempotencyKeys() } },
      kinds,
      effect: 'charges',
      faults: [crashAfterCharge],
      consumer:
        () =>
        async ({ id }) => {
          const response = await fetch(url, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', 'Idempotency-Key': id },
            body: JSON.stringify({ order: id, amount: 5 }),
          })
          seen.push(response.status, await response.json())
        },
    })
    expect(seen.slice(0, 2)).toEqual([201, { order: 'order-0', amount: 5, id: 'charge-1', status: 'succeeded' }])
    expect(verdicts).toMatchObject({ 'exactly-once/effect': 'holds', 'no-duplicates/delivery': 'violated' })
    expect(state.apis[`POST ${url}`]?.calls).toHaveLength(10)
    expect(state.apis[`POST ${url}`]?.state).toEqual({ charges: 10 })
  })

  it('charges twice without a key, and sends mail twice', async () => {
    for (const declared of [charges(), mail({ effect: 'charges' })]) {
      const { verdicts, state } = await runWithDependencies({
        stores: { apis: { [`POST ${url}`]: declared } },
        kinds,
        effect: 'charges',
        faults: [crashAfterCharge],
        consumer:
          () =>
          async ({ id }) => {
            await fetch(url, { method: 'POST', body: id })
          },
      })
      expect(verdicts).toMatchObject({ 'no-duplicates/effect': 'violated', 'no-loss/effect': 'holds' })
      expect(state.apis[`POST ${url}`]?.calls).toHaveLength(11)
    }
  })

  it('answers 409 while a call with the key is under way, and 422 to another body with it', async () => {
    const statuses: number[] = []
    await runWithDependencies({
      stores: { apis: { [`POST ${url}`]: chargesWithIdempotencyKeys() } },
      kinds,
      effect: 'charges',
      messages: 1,
      consumer: () => async () => {
        const call = (body: string): Promise<Response> =>
          fetch(url, { method: 'POST', headers: { 'Idempotency-Key': 'k' }, body })
        const both = await Promise.all([call('a'), call('a')])
        statuses.push(
          ...both.map(({ status }) => status).toSorted(),
          (await call('b')).status,
          (await call('a')).status,
        )
      },
    })
    expect(statuses).toEqual([201, 409, 422, 201])
  })

  it('rejects as fetch does: at a time-out, without a server, and at an address that is not simulated', async () => {
    const errors: string[] = []
    const { dependencies } = await runWithDependencies({
      stores: {
        apis: {
          [`GET ${url}/:id`]: api(({ params, query }, state) => {
            state['asked'] = Number(state['asked'] ?? 0) + 1
            return { body: { ...params, ...query, asked: state['asked'] } }
          }),
        },
      },
      kinds: { 'api-example-com': ['http-api', { takes: 2_000_000, 'lost-answers': 0 }] },
      effect: 'charges',
      messages: 1,
      consumer: () => async () => {
        const note = (error: Error): number =>
          errors.push(`${error.name} ${error.cause instanceof Error ? error.cause.message : ''}`)
        expect(await (await fetch(`${url}/7?full=1`)).json()).toEqual({ id: '7', full: '1', asked: 1 })
        await fetch(`${url}/7`, { signal: AbortSignal.timeout(500) }).catch(note)
        await fetch('https://elsewhere.example.com/x', { method: 'POST' }).catch(note)
      },
    })
    expect(errors).toEqual([
      'TimeoutError ',
      'TypeError POST https://elsewhere.example.com/x is not simulated: declare it in apis',
    ])
    expect(dependencies.unsupported.map(({ name }) => name)).toEqual(['UnsimulatedAddress'])
  })

  it('loses answers of calls that were executed, and fails without effect, as often as it is told', async () => {
    const failures: string[] = []
    const { state } = await runWithDependencies({
      stores: { apis: { [`POST ${url}`]: charges() } },
      kinds: { 'api-example-com': ['http-api', { 'lost-answers': 0.3, errors: 0.2, 'too-many': 0.2 }] },
      effect: 'charges',
      messages: 40,
      consumer:
        () =>
        async ({ id }) => {
          const response = await fetch(url, { method: 'POST', body: id }).catch((error: Error) => error)
          failures.push(response instanceof Response ? String(response.status) : response.message)
        },
    })
    for (const kind of ['201', '429', '500', 'fetch failed']) expect(failures).toContain(kind)
    const executed = failures.filter((each) => each === '201' || each === 'fetch failed')
    expect(state.apis[`POST ${url}`]?.calls).toHaveLength(executed.length)
  })

  it.each(['charges', 'POST /charges', 'POST ftp://x/y', 'POST https://x/:'])('is not declared as %s', (name) => {
    expect(() => routesOf({ [name]: charges() })).toThrow(/charges|pattern|method and address/)
  })
})
