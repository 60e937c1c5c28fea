import type { Decimal } from '../../value.ts'
import { rescaled, tenTo } from '../../value.ts'
import { Failure } from '../failure.ts'

/* Exact decimals with the scales that the server gives to results. */

export function wholeDecimal(digits: bigint): Decimal {
  return { digits, scale: 0 }
}

export function addDecimals(one: Decimal, other: Decimal): Decimal {
  const scale = Math.max(one.scale, other.scale)
  return { digits: rescaled(one, scale) + rescaled(other, scale), scale }
}

export function negatedDecimal({ digits, scale }: Decimal): Decimal {
  return { digits: -digits, scale }
}

export function multiplyDecimals(one: Decimal, other: Decimal): Decimal {
  return { digits: one.digits * other.digits, scale: one.scale + other.scale }
}

/** With at least 16 digits that count. */
export function divideDecimals(one: Decimal, other: Decimal): Decimal {
  if (other.digits === 0n) throw new Failure('22012', 'division by zero')
  const scale = divisionScale(one, other)
  const shift = scale - one.scale + other.scale
  const numerator = shift >= 0 ? one.digits * tenTo(shift) : one.digits
  const denominator = shift >= 0 ? other.digits : other.digits * tenTo(-shift)
  return { digits: dividedRounded(numerator, denominator), scale }
}

export function remainderOfDecimals(one: Decimal, other: Decimal): Decimal {
  if (other.digits === 0n) throw new Failure('22012', 'division by zero')
  const scale = Math.max(one.scale, other.scale)
  return { digits: rescaled(one, scale) % rescaled(other, scale), scale }
}

/** Half away from zero; a negative scale rounds before the point. */
export function roundedDecimal(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return { digits: rescaled(value, scale), scale }
  const digits = dividedRounded(value.digits, tenTo(value.scale - scale))
  return scale >= 0 ? { digits, scale } : { digits: digits * tenTo(-scale), scale: 0 }
}

export function truncatedDecimal(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return { digits: rescaled(value, scale), scale }
  const digits = value.digits / tenTo(value.scale - scale)
  return scale >= 0 ? { digits, scale } : { digits: digits * tenTo(-scale), scale: 0 }
}

export function floorDecimal(value: Decimal): Decimal {
  const whole = truncatedDecimal(value, 0)
  const isBelow = value.digits < 0n && rescaled(whole, value.scale) !== value.digits
  return isBelow ? { digits: whole.digits - 1n, scale: 0 } : whole
}

export function decimalText({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : ''
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
  return scale === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`
}

/** Of a text such as `-12.50` or `1e3`; `undefined` where it is none. */
export function decimalOf(text: string): Decimal | undefined {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n)
  const scale = fraction.length - Number(exponent)
  return scale >= 0 ? { digits, scale } : { digits: digits * tenTo(-scale), scale: 0 }
}

function dividedRounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  const remainder = numerator % denominator
  const twice = 2n * (remainder < 0n ? -remainder : remainder)
  if (twice < (denominator < 0n ? -denominator : denominator)) return quotient
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n
}

/** The server counts in groups of four digits: 16 digits from the first group of the quotient on. */
function divisionScale(one: Decimal, other: Decimal): number {
  const [dividend, divisor] = [leading(one), leading(other)]
  const weight = dividend.weight - divisor.weight - (dividend.group <= divisor.group ? 1 : 0)
  return Math.min(1000, Math.max(16 - weight * 4, one.scale, other.scale, 0))
}

/** The first group of four digits that is not zero, and how many groups before the point stand behind it. */
function leading({ digits, scale }: Decimal): { readonly weight: number; readonly group: number } {
  const padding = (4 - (scale % 4)) % 4
  const text = String((digits < 0n ? -digits : digits) * tenTo(padding))
  if (digits === 0n) return { weight: 0, group: 0 }
  const size = text.length % 4 === 0 ? 4 : text.length % 4
  return { weight: Math.ceil(text.length / 4) - 1 - (scale + padding) / 4, group: Number(text.slice(0, size)) }
}
