import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainRequest, sentRequest } from '../../../../src/testing/dependencies/http/sent-request.ts'

const url = 'https://api.example.com/charges/7?a=1&b=%20x#part'

describe('what a call of fetch sends', () => {
  it('is what a Request would send, whatever is given', async () => {
    const strange = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\uFEFFmarked', 'half \uD800', 'grüße 🙂'))
    const text = fc.oneof(fc.json(), strange)
    const names = fc.constantFrom('Idempotency-Key', 'content-type', 'Content-Type', 'accept', 'Z', 'cookie')
    const values = fc.constantFrom('a', 'c d', 'text/html; charset=utf-8')
    const plainHeaders = fc.dictionary(names, values, { noNullPrototype: true, maxKeys: 4 })
    const strangeHeaders = fc.dictionary(
      fc.oneof(names, fc.constantFrom('x_y', '')),
      fc.oneof(values, strange, fc.constant(' b ')),
    )
    const strangeBody = fc.constantFrom(null, new URLSearchParams({ a: 'b' }))
    const init = fc.record(
      {
        method: fc.constantFrom('GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'post', 'TRACE', 'no way'),
        headers: fc.oneof({ weight: 3, arbitrary: plainHeaders }, { weight: 1, arbitrary: strangeHeaders }),
        body: fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: strangeBody }),
      },
      { requiredKeys: [] },
    )
    const withMore = fc.tuple(
      init,
      fc.constantFrom({ redirect: 'follow' as const }, { headers: [['a', 'b']] as [string, string][] }),
    )
    const options = fc.oneof(
      { weight: 5, arbitrary: init },
      { weight: 1, arbitrary: withMore.map(([one, more]): RequestInit => ({ ...one, ...more })) },
    )
    const strangeAddress = fc.constantFrom('/charges', 'https://name:word@api.example.com/', 'HTTPS://API.example.com')
    const address = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(url, new URL(url)) },
      { weight: 1, arbitrary: strangeAddress },
    )
    let plain = 0
    await fc.assert(
      fc.asyncProperty(address, options, async (input, given) => {
        plain += isPlain(input, given) ? 1 : 0
        const mine = await outcomeOf(() => sentRequest(input, given))
        const theirs = await outcomeOf(async () => {
          const request = new Request(input, given)
          const { method, headers } = request
          return { method, url: request.url, headers: Object.fromEntries(headers), text: await request.text() }
        })
        expect(mine).toEqual(theirs)
      }),
      { numRuns: 400 },
    )
    expect(plain).toBeGreaterThan(40)
  })

  it('is thrown as the reason of a signal that was aborted before', async () => {
    const signal = AbortSignal.abort('enough')
    expect(() => sentRequest(url, { signal })).toThrow('enough')
    await expect(sentRequest(new Request(url), { signal })).rejects.toBe('enough')
  })
})

function isPlain(input: string | URL, options: RequestInit): boolean {
  try {
    return plainRequest(input, options) !== undefined
  } catch {
    return false
  }
}

/** What comes out, or that it is an error: its words are those of the runtime wherever it is thrown. */
async function outcomeOf(send: () => unknown): Promise<unknown> {
  try {
    const sent = await send()
    if (typeof sent !== 'object' || sent === null || !('url' in sent)) return sent
    const { signal: _, ...rest } = { signal: undefined, ...sent }
    return {
      ...rest,
      url: String(sent.url),
      headers: Object.entries({ ...('headers' in sent ? (sent.headers as object) : {}) }),
    }
  } catch (error) {
    return String(error)
  }
}
