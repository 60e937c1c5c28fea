import type { Bulk } from './bulk.ts'
import { bytesOf } from './bulk.ts'

/**
 * Sizes in the listpack, in which Redis keeps up to a hundred stream entries together: what `stream-node-max-bytes` counts.
 * https://github.com/antirez/listpack/blob/master/listpack.md
 */

/** Of the header and the end, bytes. */
export const emptyListpackBytes = 7

export function listpackBytes(element: Bulk): number {
  const data =
    typeof element === 'string' && isInteger(element) ? integerBytes(Number(element)) : textBytes(bytesOf(element))
  return data + lengthBytes(data)
}

export function listpackIntegerBytes(value: number): number {
  const data = integerBytes(value)
  return data + lengthBytes(data)
}

function isInteger(text: string): boolean {
  return text.length <= 16 && /^(0|-?[1-9]\d*)$/.test(text)
}

function integerBytes(value: number): number {
  if (value >= 0 && value <= 127) return 1
  if (value >= -4096 && value <= 4095) return 2
  if (value >= -32_768 && value <= 32_767) return 3
  if (value >= -8_388_608 && value <= 8_388_607) return 4
  return value >= -2_147_483_648 && value <= 2_147_483_647 ? 5 : 9
}

function textBytes(length: number): number {
  if (length < 64) return 1 + length
  return length < 4096 ? 2 + length : 5 + length
}

/** Of the length that stands behind every element, for those who read backwards. */
function lengthBytes(length: number): number {
  if (length <= 127) return 1
  if (length < 16_383) return 2
  if (length < 2_097_151) return 3
  return length < 268_435_455 ? 4 : 5
}
