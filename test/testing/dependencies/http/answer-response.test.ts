import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerResponse } from '../../../../src/testing/dependencies/http/answer-response.ts'

const reads: Readonly<Record<string, (response: Response) => unknown>> = {
  ok: ({ ok, status, statusText, type, url, redirected }) => [ok, status, statusText, type, url, redirected],
  headers: ({ headers }) => [...headers],
  bodyUsed: ({ bodyUsed }) => bodyUsed,
  hasBody: ({ body }) => body !== null,
  text: (response) => response.text(),
  json: (response) => response.json(),
  bytes: async (response) => [...new Uint8Array(await response.arrayBuffer())],
  blob: async (response) => (await response.blob()).text(),
  clone: async (response) => (await response.clone()).text(),
  stream: async ({ body }) => {
    const chunks: unknown[] = []
    for await (const chunk of body ?? []) chunks.push(...chunk)
    return chunks
  },
}

describe('the answer to a call', () => {
  it('is read as any Response, in whatever order', async () => {
    const text = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constantFrom('\uFEFF{}', '\uD800', ''))
    const status = fc.constantFrom(200, 201, 204, 304, 404, 500)
    const read = fc.array(fc.constantFrom(...Object.keys(reads)), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(text, status, read, async (body, code, names) => {
        const init = { status: code, headers: { 'content-type': 'application/json', 'X-Name': 'b' } }
        const mine = await outcomesOf(names, () => answerResponse(body, init))
        const theirs = await outcomesOf(names, () => new Response(body === '' ? null : body, init))
        expect(mine).toEqual(theirs)
      }),
      { numRuns: 200 },
    )
  })

  it('is a Response', () => {
    const answer = answerResponse('{}', { status: 201 })
    expect(answer).toBeInstanceOf(Response)
    expect(Object.prototype.toString.call(answer)).toBe('[object Response]')
  })
})

async function outcomesOf(names: readonly string[], make: () => Response): Promise<readonly unknown[]> {
  const outcomes: unknown[] = []
  try {
    const response = make()
    for (const name of names) outcomes.push(await outcomeOf(() => reads[name]?.(response)))
  } catch (error) {
    outcomes.push(String(error))
  }
  return outcomes
}

async function outcomeOf(read: () => unknown): Promise<unknown> {
  try {
    return await read()
  } catch (error) {
    return String(error)
  }
}
