/*
 * Quantities as people write them, and the same back. Every parser answers `undefined` for a text that it does not understand; bounds are
 * somebody else's matter. Durations and sizes are exact: decimal digits are shifted, never multiplied in floating point.
 */

/** No more digits than anybody writes: exact arithmetic on millions of them would take for ever. */
const decimalText = /^([+-]?)(\d[\d_]{0,40})?(?:\.(\d[\d_]{0,40}))?(?:e([+-]?\d{1,3}))?$/i

/** The digits and the unit of a quantity; a bare number has the unit ''. */
const quantityText = /^([+-]?[\d._]+(?:e[+-]?\d{1,3})?)\s*([^\d\s.+-].*)?$/i

const durationPart = /([\d._]+(?:e[+-]?\d{1,3})?)\s*([a-zµμ]+)\s*/giy

/** µs of each unit of time, the largest first; the first spelling is the one that is written. */
const durationUnits = [
  { micros: 86_400_000_000, spellings: ['d', 'day', 'days'] },
  { micros: 3_600_000_000, spellings: ['h', 'hour', 'hours'] },
  { micros: 60_000_000, spellings: ['min', 'mins', 'minute', 'minutes'] },
  { micros: 1_000_000, spellings: ['s', 'sec', 'secs', 'second', 'seconds'] },
  { micros: 1_000, spellings: ['ms', 'millisecond', 'milliseconds'] },
  { micros: 1, spellings: ['us', 'µs', 'μs', 'microsecond', 'microseconds'] },
] as const

const sizeUnits = [
  { bytes: 1_099_511_627_776, spellings: ['tib'] },
  { bytes: 1_000_000_000_000, spellings: ['tb'] },
  { bytes: 1_073_741_824, spellings: ['gib'] },
  { bytes: 1_000_000_000, spellings: ['gb'] },
  { bytes: 1_048_576, spellings: ['mib'] },
  { bytes: 1_000_000, spellings: ['mb'] },
  { bytes: 1_024, spellings: ['kib'] },
  { bytes: 1_000, spellings: ['kb'] },
  { bytes: 1, spellings: ['b', 'byte', 'bytes'] },
] as const

/** µs of `5ms`, `2s`, `1.5 min`, `1 h 30 min`, `-2s`; a whole number of them, or it is refused. A bare number has no unit and is refused unless 0. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase()
  const sign = trimmed.startsWith('-') ? -1 : 1
  const unsigned = trimmed.replace(/^[+-]\s*/, '')
  if (parseNumber(unsigned) === 0) return 0
  let total = 0
  let end = 0
  for (const match of unsigned.matchAll(durationPart)) {
    const [whole, digits = '', unit = ''] = match
    const micros = exactly(digits, microsOf(unit))
    if (micros === undefined) return undefined
    total += micros
    end = match.index + whole.length
  }
  return end === 0 || end < unsigned.length || !Number.isSafeInteger(total) ? undefined : withSign(sign, total)
}

/** Events a second of `100/s`, `6000/min`, `1/h`, or a bare number. */
export function parseRate(text: string): number | undefined {
  const [, amount = text, unit = 's'] = /^(.*?)\s*(?:\/|\bper\b)\s*([a-zµμ]+)$/i.exec(text.trim()) ?? []
  const micros = microsOf(unit.toLowerCase())
  const number = parseNumber(amount)
  if (number === undefined || micros === undefined) return undefined
  return finite(micros === 1_000_000 ? number : (number * 1_000_000) / micros)
}

/** Bytes of `1 KiB`, `10kB`, `512`; a whole number of them. */
export function parseSize(text: string): number | undefined {
  const [, digits = '', unit = 'b'] = quantityText.exec(text.trim()) ?? []
  const bytes = sizeUnits.find(({ spellings }) => includes(spellings, unit.trim().toLowerCase()))?.bytes
  return exactly(digits, bytes)
}

/** Bytes a second of `10 MB/s`, `1 Gbit/s`, or `unlimited`. */
export function parseBandwidth(text: string): number | undefined {
  if (text.trim() === 'unlimited') return Infinity
  const [, amount, prefix] = /^(.*?)\s*([kmgt])bit\/s$/i.exec(text.trim()) ?? []
  if (amount !== undefined && prefix !== undefined) {
    const bits = parseSize(`${amount} ${prefix}B`)
    return bits === undefined ? undefined : bits / 8
  }
  return parseSize(text.trim().replace(/\s*\/\s*s$/i, ''))
}

/** The share of `5%` or `0.05`. */
export function parseProbability(text: string): number | undefined {
  const [, percent] = /^(.*?)\s*%$/.exec(text.trim()) ?? []
  if (percent === undefined) return parseNumber(text)
  const number = parseNumber(percent)
  return number === undefined ? undefined : number / 100
}

/** `10`, `10x` or `10×`. */
export function parseFactor(text: string): number | undefined {
  return parseNumber(text.trim().replace(/\s*[x×]$/i, ''))
}

/** What a clock gains, µs a second: `50 ppm`, `2ms/s`, or a bare number of µs. */
export function parseDrift(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase()
  const number = parseNumber(trimmed.replace(/\s*ppm$/, ''))
  if (number !== undefined) return number
  return trimmed.endsWith('/s') ? parseDuration(trimmed.slice(0, -2)) : undefined
}

/** A finite decimal number; `_` may group its digits. */
export function parseNumber(text: string): number | undefined {
  const [found, , whole, part] = decimalText.exec(text.trim()) ?? []
  if (found === undefined || (whole === undefined && part === undefined)) return undefined
  return finite(Number(found.replaceAll('_', '')))
}

/** The shortest exact way to write µs: `5ms`, `1.5min`, `1234us`. Parses to the same number. */
export function formatDuration(micros: number): string {
  if (micros === 0) return '0s'
  const size = Math.abs(micros)
  const unit = durationUnits.find((candidate) => size >= candidate.micros && fewDigits(size, candidate.micros))
  const { micros: divisor, spellings } = unit ?? { micros: 1, spellings: ['us'] }
  return `${micros < 0 ? '-' : ''}${shifted(size, divisor)}${spellings[0]}`
}

/** The same duration with so many significant digits, to be read rather than computed with. */
export function roundDuration(micros: number, digits = 3): number {
  return Math.round(Number(micros.toPrecision(digits)))
}

export function formatRate(perSecond: number): string {
  return `${perSecond}/s`
}

export function formatSize(bytes: number): string {
  const unit = sizeUnits.find((candidate) => candidate.bytes % 1024 === 0 && bytes > 0 && bytes % candidate.bytes === 0)
  const names: Readonly<Record<string, string>> = { tib: 'TiB', gib: 'GiB', mib: 'MiB', kib: 'KiB' }
  return unit === undefined ? String(bytes) : `${bytes / unit.bytes} ${names[unit.spellings[0]] ?? 'B'}`
}

export function formatBandwidth(bytesPerSecond: number): string {
  if (bytesPerSecond === Infinity) return 'unlimited'
  const bits = bytesPerSecond * 8
  return Number.isInteger(bytesPerSecond) ? `${bytesPerSecond} B/s` : `${bits / 1000} kbit/s`
}

/** In per cent where that is the same number, else as a share. */
export function formatProbability(share: number): string {
  const percent = `${Number((share * 100).toPrecision(6))}%`
  return parseProbability(percent) === share ? percent : String(share)
}

function microsOf(unit: string): number | undefined {
  return durationUnits.find(({ spellings }) => includes(spellings, unit))?.micros
}

function includes(spellings: readonly string[], text: string): boolean {
  return spellings.includes(text)
}

function withSign(sign: number, size: number): number {
  return size === 0 ? 0 : sign * size
}

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined
}

/** `digits` times `unit`, if that is a whole number that is exact. */
function exactly(digits: string, unit: number | undefined): number | undefined {
  const [found, sign, whole = '', part = '', exponent = '0'] = decimalText.exec(digits) ?? []
  if (found === undefined || unit === undefined || whole + part === '') return undefined
  const fraction = part.replaceAll('_', '')
  const scale = Number(exponent) - fraction.length
  const scaled = BigInt(whole.replaceAll('_', '') + fraction) * BigInt(unit) * powerOfTen(Math.max(0, scale))
  const divisor = powerOfTen(Math.max(0, -scale))
  const result = Number(scaled / divisor)
  if (scaled % divisor !== 0n || !Number.isSafeInteger(result)) return undefined
  return withSign(sign === '-' ? -1 : 1, result)
}

function powerOfTen(exponent: number): bigint {
  return BigInt(`1${'0'.repeat(exponent)}`)
}

/** Whether `micros` in this unit has at most one digit behind the point for minutes and longer, three for shorter ones. */
function fewDigits(micros: number, unit: number): boolean {
  const grain = unit > 1_000_000 ? unit / 10 : unit / 1000
  return micros % Math.max(1, grain) === 0
}

/** `size / divisor` in decimal, exactly. */
function shifted(size: number, divisor: number): string {
  const whole = Math.floor(size / divisor)
  const rest = size % divisor
  if (rest === 0) return String(whole)
  const digits =
    divisor > 1_000_000 ? String(rest / (divisor / 10)) : String(rest).padStart(String(divisor).length - 1, '0')
  return `${whole}.${digits.replace(/0+$/, '')}`
}
