import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeliveryCheck } from '../../../../src/testing/index.ts'
import { checkDelivery, memory } from '../../../../src/testing/index.ts'

const fixtures = Array.from({ length: 6 }, (_, n) => ({ key: `customer-${n % 2}`, value: { order: `order-${n}` } }))

type OrderMessage = (typeof fixtures)[number]

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'onceproof-cases-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A consumer that does not recognise what it did, or does with the help of its store. */
function billing(isMended: boolean, changes: Partial<DeliveryCheck<OrderMessage>> = {}): DeliveryCheck<OrderMessage> {
  return {
    name: 'billing, once',
    system: memory(),
    stores: { ledger: { ledger: { unique: isMended ? 'operation' : 'none' } } },
    consumer:
      () =>
      async (_message, { effect }) =>
        effect(),
    messages: fixtures,
    operation: ({ value }) => value.order,
    faults: [{ when: { fact: 'effect-applied', message: 'message-3' }, crash: 'handler(message-3)', for: '2s' }],
    runs: 1,
    cases: folder,
    ...changes,
  }
}

const onlyFile = (): string => path.join(folder, readdirSync(folder)[0] ?? '')

describe('a run that failed', () => {
  it('is kept in a file that says what it is and how to make it again', async () => {
    const { failures } = await checkDelivery(billing(false))
    expect(failures[0]?.file).toBe(onlyFile())
    expect(path.basename(onlyFile())).toBe('billing-once--no-duplicates--crash.yaml')
    const text = readFileSync(onlyFile(), 'utf8')
    expect(text).toContain('check: billing, once\nbreaks: no-duplicates\nlevel: effect\n')
    expect(text).toMatch(
      /# Again: ONCEPROOF_REPLAY=\S+billing-once--no-duplicates--crash.yaml npx vitest run test\/testing\/check/,
    )
    expect(text).toMatch(/faults:\n {2}- \{ when: \{ fact: [\w-]+, message: message-\d/)
  })

  it('is made again before anything else, and fails as it did until it is mended', async () => {
    const drawn = { faults: 'crashes-and-redelivery', runs: 20 } as const
    const first = await checkDelivery(billing(false, drawn))
    const again = await checkDelivery(billing(false, drawn))
    expect(again.runs).toBe(first.failures.length)
    const sentences = ({ failures }: typeof first): readonly string[] => failures.map(({ sentence }) => sentence).sort()
    expect(sentences(again)).toEqual(sentences(first))
    expect(again.text).toContain('a kept case that still fails')
    const mended = await checkDelivery(billing(true, drawn))
    expect(flat(mended.text)).toMatch(/held in \d+ runs .* kept cases? holds? again\.$/)
    expect(mended).toMatchObject({ ok: true, keptHeld: first.failures.length })
  })

  it('is found again when messages came before its own, and when its own is gone', async () => {
    await checkDelivery(billing(false))
    const others = Array.from({ length: 3 }, (_, n) => ({ key: 'other', value: { order: `earlier-${n}` } }))
    const moved = await checkDelivery(billing(false, { messages: [...others, ...fixtures] }))
    expect(moved.text).toContain('a kept case that still fails')
    const gone = await checkDelivery(billing(false, { messages: others, faults: 'crashes-and-redelivery' }))
    expect(gone.text).toContain('a kept case that still fails')
  })

  it('is stale, and not green, when its moment is no longer reached', async () => {
    await checkDelivery(billing(false))
    writeFileSync(onlyFile(), readFileSync(onlyFile(), 'utf8').replace(/fact: [\w-]+/, 'fact: effect-undone'))
    const { ok, undecided, text } = await checkDelivery(billing(true))
    expect({ ok, undecided }).toEqual({ ok: false, undecided: true })
    expect(flat(text)).toMatch(/stale: its crash at effect-undone of message-\d did not strike/)
  })

  it('is an error of the check when somebody broke its file', async () => {
    await checkDelivery(billing(false))
    writeFileSync(onlyFile(), 'check: [')
    await expect(checkDelivery(billing(false))).rejects.toThrow(/crash\.yaml is no YAML that can be read/)
    writeFileSync(onlyFile(), 'check: billing, once\nseed: 7\n')
    await expect(checkDelivery(billing(false))).rejects.toThrow(/crash\.yaml breaks: /)
  })
})

describe('ONCEPROOF_REPLAY', () => {
  afterEach(() => {
    delete process.env['ONCEPROOF_REPLAY']
  })

  it('makes that run alone', async () => {
    await checkDelivery(billing(false))
    process.env['ONCEPROOF_REPLAY'] = onlyFile()
    expect(await checkDelivery(billing(false))).toMatchObject({ ok: false, runs: 1 })
    expect(await checkDelivery(billing(false, { name: 'mailing' }))).toMatchObject({
      ok: true,
      runs: 0,
      text: 'mailing was not run: ONCEPROOF_REPLAY names a case of another check.',
    })
  })
})

/** A text without the breaks of its lines. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
