import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckResult, DeliveryCheck } from '../../../src/testing/index.ts'
import { charges, checkDelivery, CheckError, scenario } from '../../../src/testing/index.ts'

let folder = ''
const fileOf = (name: string): string => path.join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'onceproof-scenario-'))
  writeFileSync(
    fileOf('shop.yaml'),
    `title: A shop
systems:
  queue: { memory: { queues: { orders: { visibility-timeout: 5s } } } }
stores:
  ledger: { ledger: {} }
services:
  shop: { sends: { to: queue/orders, messages: 50, rate: 100/s } }
  billing: { receives: { from: queue/orders }, handling: { takes: 5ms, store: ledger, effect: billed }, members: 2 }
faults:
  - { when: { fact: effect-applied, message: order-3 }, crash: billing, for: 1s }
variants:
  the-store-knows:
    stores: { ledger: { ledger: { unique: operation } } }
`,
  )
  writeFileSync(fileOf('wrong.yaml'), 'systems:\n  queue: { memry: {} }\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const messages = Array.from({ length: 6 }, (_, n) => ({ key: `customer-${n % 2}`, value: { cents: n } }))

function check(system: DeliveryCheck['system'], changes: Partial<DeliveryCheck> = {}): Promise<CheckResult> {
  return checkDelivery({
    name: 'billing of the shop',
    system,
    consumer:
      () =>
      async (_message, { effect }) =>
        effect(),
    messages,
    runs: 5,
    cases: false,
    ...changes,
  })
}

describe('a scenario file', () => {
  it('gives systems, stores and faults, and the messages come from whoever sends to the service', async () => {
    const { failures } = await check(scenario(fileOf('shop.yaml'), { service: 'billing' }))
    expect(failures[0]).toMatchObject({ guarantee: 'no-duplicates', faults: 1 })
    expect(failures[0]?.text).toContain('cents')
  })

  it('can be run as one of its variants', async () => {
    const { ok, text } = await check(scenario(fileOf('shop.yaml'), { service: 'billing', variant: 'the-store-knows' }))
    expect(ok ? '' : text).toBe('')
  })

  it('keeps cases as any check does', async () => {
    const cases = fileOf('cases')
    const first = await check(scenario(fileOf('shop.yaml'), { service: 'billing' }), { cases })
    expect(first.failures[0]?.file).toContain('billing-of-the-shop--no-duplicates--crash.yaml')
    const again = await check(scenario(fileOf('shop.yaml'), { service: 'billing' }), { cases })
    expect(again.text).toContain('a kept case that still fails')
    const mended = await check(scenario(fileOf('shop.yaml'), { service: 'billing', variant: 'the-store-knows' }), {
      cases,
    })
    expect(mended).toMatchObject({ ok: true, keptHeld: first.failures.length })
  })

  it.each([
    ['missing.yaml', 'billing', '', /^`system` names .*missing\.yaml, which cannot be read$/],
    ['shop.yaml', 'biling', '', /has no service `biling` that receives\. Did you mean billing\?$/],
    ['shop.yaml', 'billing', 'nobody-knows', /^there is no variant "nobody-knows"\. Known: /],
    ['wrong.yaml', 'billing', '', /wrong\.yaml:2.*memry/],
  ])('is refused with what is wrong: %s, %s %s', async (name, service, variant, problem) => {
    const error = await check(scenario(fileOf(name), { service, variant })).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(CheckError)
    expect(error instanceof CheckError ? error.problems.join('\n') : '').toMatch(problem)
  })

  it.each([
    [{ stores: { leger: { ledger: {} } } }, /shop\.yaml has no store `leger`\. Did you mean ledger\?$/],
    [{ stores: { ledger: { cache: {} } } }, /the store ledger is of the kind ledger in .*shop\.yaml, not cache$/],
    [
      { stores: { ledger: { ledger: { unique: 'operation' } } } },
      /^the options of the store ledger stand in .*shop\.yaml: /,
    ],
    [
      { apis: { 'POST https://api.example.com/charges': charges() } },
      /shop\.yaml has no store for its APIs: add `stores: \{ api-example-com: \{ http-api: \{\} \} \}`$/,
    ],
  ])('says what its stores are, not the check: %#', async (changes, problem) => {
    const error = await check(scenario(fileOf('shop.yaml'), { service: 'billing' }), changes).catch(
      (reason: unknown) => reason,
    )
    expect(error instanceof CheckError ? error.problems.join('\n') : error).toMatch(problem)
  })
})
