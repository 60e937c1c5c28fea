import { createConnection } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { CheckResult, Handler } from '../../../src/testing/index.ts'
import { checkDelivery, memory } from '../../../src/testing/index.ts'

/** What module state is: it outlives every simulated process. */
const seen = new Set<string>()

function checked(handle: Handler, runs = 3): Promise<CheckResult> {
  return checkDelivery({
    name: 'billing',
    system: memory(),
    stores: { ledger: { ledger: { unique: 'operation' } } },
    handle,
    messages: [{ key: 'a', value: 1 }],
    faults: 'crashes-and-redelivery',
    runs,
    cases: false,
  })
}

describe('code that cannot be checked', () => {
  it('is named with the line where it leaves the simulation', async () => {
    const { ok, text } = await checked(async () => void createConnection(5432))
    expect(ok).toBe(false)
    expect(flat(text)).toMatch(
      /^billing cannot be checked: The code opens a connection to localhost:5432, which is not simulated \(use what the consumer is given, or declare it\) while it handled .*code-that-cannot-be-checked\.test\.ts:\d+:\d+\.$/,
    )
  })

  it('keeps something that outlives its process, which two runs of the same show', async () => {
    const { ok, undecided, text } = await checked(async ({ id }, { effect }) => {
      if (seen.has(id)) return
      seen.add(id)
      await effect()
    })
    expect({ ok, undecided }).toEqual({ ok: false, undecided: true })
    expect(flat(text)).toContain('two runs of the same were not the same')
    expect(flat(text)).toContain('variables of a module')
  })

  it('is found so also where the first runs have nothing of it, and a failure does not come again', async () => {
    let starts = 0
    const { ok, undecided, text } = await checkDelivery({
      name: 'billing',
      system: memory(),
      stores: { ledger: { ledger: { unique: 'operation' } } },
      consumer: ({ effect }) => {
        const isSpoilt = ++starts === 6
        return async () => (isSpoilt ? undefined : await effect())
      },
      messages: [{ key: 'a', value: 1 }],
      faults: 'crashes-and-redelivery',
      members: 1,
      runs: 8,
      cases: false,
    })
    expect({ ok, undecided }).toEqual({ ok: false, undecided: true })
    expect(flat(text)).toContain('two runs of the same were not the same')
  })

  it('is found so also when a line of it has to be told', async () => {
    const known = new Set<string>()
    const { undecided } = await checked(async ({ id }, { effect }) => {
      if (known.has(id)) return
      known.add(id)
      void effect()
    })
    expect(undecided).toBe(true)
  })

  it('only logs what outlives its process, which is told and decides nothing', async () => {
    let calls = 0
    const { ok, remarks } = await checked(async (_message, { effect, log }) => {
      log(`call ${++calls}`)
      await effect()
    })
    expect(ok).toBe(true)
    expect(remarks.join(' ')).toMatch(/^Two runs of the same wrote different lines: .*call 1/)
  })

  it('only logs it once, so that no other run has the line', async () => {
    let isTold = false
    const { ok, remarks } = await checked(async (_message, { effect, log }) => {
      if (!isTold) log('a warning')
      isTold = true
      await effect()
    })
    expect(ok).toBe(true)
    expect(remarks.join(' ')).toMatch(/^Two runs of the same wrote different lines: .*a warning/)
  })

  it('never comes to its end', async () => {
    const { failures } = await checked(() => new Promise(() => {}))
    expect(failures.map(({ guarantee }) => guarantee)).toContain('every handler ends')
  })

  it('fails to start while something that it needs is away, and is started again', async () => {
    const { ok, text, remarks } = await checkDelivery({
      name: 'billing',
      system: memory({ 'visibility-timeout': '10s' }),
      stores: { db: { database: {}, schema: 'create table payments (order_id text primary key)' } },
      consumer: async ({ db }) => {
        await db.pool.query('select 1')
        return async ({ id }) =>
          void (await db.pool.query('insert into payments values ($1) on conflict do nothing', [id]))
      },
      messages: [{ key: 'a', value: 1 }],
      effects: { payments: (row) => row['order_id'] === 'message-0' },
      members: 1,
      faults: [
        { at: '50ms', restart: 'db', for: '3s' },
        { when: { fact: 'delivered', message: 'message-0' }, cut: 'after-step', crash: 'billing', for: '1s' },
      ],
      runs: 1,
      cases: false,
    })
    expect(ok ? '' : text).toBe('')
    expect(remarks.join(' ')).toContain('connect ECONNREFUSED')
  })

  it('is a generator, of which nobody asks anything', async () => {
    const { ok, text } = await checked(async function* (_message, { effect }) {
      yield await effect()
    })
    expect(ok).toBe(false)
    expect(flat(text)).toBe(
      'billing cannot be checked: The handler of message-0 (attempt 1) is a generator (function*), which nobody iterates: nothing of it has run.',
    )
  })

  it('leaves a promise behind, which is told', async () => {
    const { remarks } = await checked(async (_message, { effect }) => void effect())
    expect(remarks.join(' ')).toMatch(/code-that-cannot-be-checked\.test\.ts/)
  })
})

/** A text without the breaks of its lines. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
