import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { canaries, checked } from '../../canaries/canaries.ts'

/** Cases that may go stale, and why. */
const mayGoStale: ReadonlyMap<string, string> = new Map([
  [
    'the offset is resolved before the effect',
    'it strikes when the code has committed an offset, and the mended code leaves that to the client',
  ],
])

let cases = ''

beforeEach(() => {
  cases = mkdtempSync(path.join(tmpdir(), 'onceproof-twins-'))
})

afterEach(() => rmSync(cases, { recursive: true, force: true }))

it.each(canaries.filter(({ bug }) => !mayGoStale.has(bug)))(
  'kept cases find their moments again when this is mended: $bug',
  async ({ bug, broken, mended }) => {
    await checked(bug, { ...broken, cases })
    const kept = readdirSync(cases).length
    expect(kept).toBeGreaterThan(0)
    const { ok, keptHeld, text } = await checked(bug, { ...mended, cases }, 1)
    expect(ok ? '' : text).toBe('')
    expect(keptHeld).toBe(kept)
  },
)

it.each(canaries.filter(({ bug }) => mayGoStale.has(bug)))(
  'a kept case goes stale, and is not taken for mended: $bug',
  async ({ bug, broken, mended }) => {
    await checked(bug, { ...broken, cases, faults: 'crash-at-every-operation' })
    const { undecided, text } = await checked(bug, { ...mended, cases }, 1)
    expect(undecided).toBe(true)
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'is stale: its crash at operation-answered of message-0 did not strike',
    )
  },
)
