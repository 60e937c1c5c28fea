import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { md5 } from '../../../../src/systems/kinesis/core/md5.ts'

describe('The MD5 digest', () => {
  // https://www.rfc-editor.org/rfc/rfc1321, appendix A.5
  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      '57edf4a22be3c955ac49da2e2107b67a',
    ],
  ])('of "%s" is that of the standard', (text, digest) => {
    expect(md5(text).toString(16).padStart(32, '0')).toBe(digest)
  })

  it('of any text is that of another implementation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const digest = createHash('md5').update(text, 'utf8').digest('hex')
        expect(md5(text)).toBe(BigInt(`0x${digest}`))
      }),
    )
  })
})
