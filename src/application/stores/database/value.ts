/**
 * A value of a column, or null: a text (also a UUID, JSON, or bytes in hexadecimal), a number (whole, a double, µs since 1970, or days since then),
 * a whole number of 64 bits, a truth value, an exact decimal, or a list. Only values of one type compare.
 */
export type Value = string | number | bigint | boolean | null | Decimal | readonly Value[]

/** `digits` / 10^`scale`, exact; the scale is how many digits are shown behind the point. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

export function isDecimal(value: Value): value is Decimal {
  return typeof value === 'object' && value !== null && 'digits' in value
}

export function isList(value: Value): value is readonly Value[] {
  return typeof value === 'object' && value !== null && !('digits' in value)
}

/** What kind of value it is, as errors name it. */
export function kindOf(value: Value): string {
  return isDecimal(value) ? 'decimal' : isList(value) ? 'list' : typeof value
}

/** Negative, zero or positive; `undefined` where two values cannot be compared. Neither is null. */
export function orderOf(one: Value, other: Value): number | undefined {
  if (isDecimal(one) && isDecimal(other)) return decimalOrder(one, other)
  if (isList(one) && isList(other)) return listOrder(one, other)
  if (typeof one !== typeof other || typeof one === 'object' || one === null || other === null) return undefined
  return one === other ? 0 : one < other ? -1 : 1
}

/** Whether two values are the same, null like null. */
export function isSame(one: Value, other: Value): boolean {
  return one === other || (one !== null && other !== null && orderOf(one, other) === 0)
}

/** A text that is equal for equal values. */
export function keyText(values: readonly Value[]): string {
  const [first] = values
  if (values.length === 1 && typeof first === 'string') return `[${JSON.stringify(first)}]`
  if (values.length === 1 && typeof first === 'bigint') return `[{"int":"${first}"}]`
  return JSON.stringify(values.map(keyPart))
}

function keyPart(value: Value): unknown {
  if (typeof value === 'bigint') return { int: String(value) }
  if (isDecimal(value)) {
    const { digits, scale } = reduced(value)
    return { decimal: `${digits}e-${scale}` }
  }
  return isList(value) ? value.map(keyPart) : value
}

function reduced({ digits, scale }: Decimal): Decimal {
  let shown = { digits, scale }
  while (shown.scale > 0 && shown.digits % 10n === 0n) shown = { digits: shown.digits / 10n, scale: shown.scale - 1 }
  return shown
}

function decimalOrder(one: Decimal, other: Decimal): number {
  const scale = Math.max(one.scale, other.scale)
  const difference = rescaled(one, scale) - rescaled(other, scale)
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}

/** The digits with at least as many of them behind the point. */
export function rescaled({ digits, scale }: Decimal, to: number): bigint {
  return digits * tenTo(to - scale)
}

export function tenTo(exponent: number): bigint {
  let power = 1n
  for (let count = 0; count < exponent; count++) power *= 10n
  return power
}

function listOrder(one: readonly Value[], other: readonly Value[]): number | undefined {
  for (const [index, value] of one.entries()) {
    const beside = other[index]
    if (beside === undefined) return 1
    if (value === null || beside === null) {
      if (value === beside) continue
      return value === null ? 1 : -1
    }
    const order = orderOf(value, beside)
    if (order !== 0) return order
  }
  return one.length - other.length
}
