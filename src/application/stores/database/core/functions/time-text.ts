/* Times as texts: of the Gregorian calendar, without leap seconds, in UTC. */

const microsPerSecond = 1_000_000
export const microsPerDay = 86_400 * microsPerSecond

/** Years, months and days of a number of days since 1970. */
export function dayParts(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  // Counted from the first of March of the year 0, so that the leap day is the last of a year.
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const day = ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

/** Days since 1970. */
export function daysOf(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year
  const era = Math.floor(shiftedYear / 400)
  const ofEra = shiftedYear - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear
  return era * 146_097 + dayOfEra - 719_468
}

export function daysInMonth(year: number, month: number): number {
  const next = month === 12 ? daysOf(year + 1, 1, 1) : daysOf(year, month + 1, 1)
  return next - daysOf(year, month, 1)
}

export function dateText(days: number): string {
  const { year, month, day } = dayParts(days)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

/** µs since 1970 as `2026-01-31 12:00:00.5`. */
export function timestampText(micros: number): string {
  const days = Math.floor(micros / microsPerDay)
  return `${dateText(days)} ${clockText(micros - days * microsPerDay)}`
}

function clockText(micros: number): string {
  const seconds = Math.floor(micros / microsPerSecond)
  const fraction = String(micros % microsPerSecond)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return fraction === '' ? clock : `${clock}.${fraction}`
}

/** Months, days and µs as `1 year 2 mons 3 days 04:05:06`. */
export function intervalText([months = 0, days = 0, micros = 0]: readonly number[]): string {
  const years = Math.trunc(months / 12)
  const parts = [part(years, 'year'), part(months % 12, 'mon'), part(days, 'day')].filter((each) => each !== '')
  const isMixed = micros > 0 && (months < 0 || days < 0)
  const clock = `${micros < 0 ? '-' : isMixed ? '+' : ''}${clockText(Math.abs(micros))}`
  return micros === 0 && parts.length > 0 ? parts.join(' ') : [...parts, clock].join(' ')
}

function part(count: number, unit: string): string {
  return count === 0 ? '' : `${count} ${unit}${count === 1 ? '' : 's'}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

/** µs since 1970 of a text such as `2026-01-31T12:00:00.5+01:00`; without an offset, in UTC. */
export function timestampOf(text: string, isWithOffset: boolean): number | 'malformed' | 'out of range' {
  const match =
    /^\s*(\d{4,6})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{1,2}(?::?\d{2})?(?::\d{2})?)?\s*$/i.exec(
      text,
    )
  if (match === null) return 'malformed'
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset = ''] = match
  const days = dateOf(`${year}-${month}-${day}`)
  if (typeof days === 'string') return days
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return 'out of range'
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second)
  const micros = Math.round(Number(`0.${fraction || '0'}`) * microsPerSecond)
  const shift = isWithOffset ? offsetSeconds(offset) : 0
  return days * microsPerDay + (seconds - shift) * microsPerSecond + micros
}

/** Days since 1970 of a text such as `2026-01-31`. */
export function dateOf(text: string): number | 'malformed' | 'out of range' {
  const match = /^\s*(\d{4,6})-(\d{1,2})-(\d{1,2})(?:[ T].*)?\s*$/.exec(text)
  if (match === null) return 'malformed'
  const [year, month, day] = match.slice(1).map(Number)
  if (year === undefined || month === undefined || day === undefined) return 'malformed'
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return 'out of range'
  return daysOf(year, month, day)
}

function offsetSeconds(offset: string): number {
  if (offset === '' || /^(z|utc)$/i.test(offset)) return 0
  const digits = offset.slice(1).replaceAll(':', '')
  const [hours, minutes] = digits.length <= 2 ? [digits, '0'] : [digits.slice(0, 2), digits.slice(2, 4)]
  return (offset.startsWith('-') ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}

/** Months, days and µs of a text such as `1 day 02:00:00`. */
export function intervalOf(text: string): readonly [number, number, number] | undefined {
  let [months, days, micros] = [0, 0, 0]
  let rest = text.trim().toLowerCase().replace(/^@\s*/, '')
  if (rest === '') return undefined
  while (rest !== '') {
    const clock = /^([+-]?)(\d+):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?\s*/.exec(rest)
    const amount = /^([+-]?\d+(?:\.\d+)?)\s*([a-zµ]+)\s*/.exec(rest)
    if (clock !== null) {
      const [whole, sign, hour, minute, second = '0', fraction = ''] = clock
      const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second)
      micros += (sign === '-' ? -1 : 1) * (seconds * microsPerSecond + Number(fraction.padEnd(6, '0')))
      rest = rest.slice(whole.length)
    } else if (amount !== null) {
      const [whole, number = '', unit = ''] = amount
      const size = unitOf(unit)
      if (size === undefined) return undefined
      if (size.months > 0) months += Math.trunc(Number(number) * size.months)
      else if (size.days > 0) {
        const wholeDays = Math.trunc(Number(number) * size.days)
        days += wholeDays
        micros += Math.round((Number(number) * size.days - wholeDays) * microsPerDay)
      } else micros += Math.round(Number(number) * size.micros)
      rest = rest.slice(whole.length)
    } else return undefined
  }
  return [months, days, micros]
}

function unitOf(name: string): { readonly months: number; readonly days: number; readonly micros: number } | undefined {
  const found = units.find(([pattern]) => pattern.test(name))
  if (found === undefined) return undefined
  const [, months, days, micros] = found
  return { months, days, micros }
}

const units: readonly (readonly [RegExp, number, number, number])[] = [
  [/^(microseconds?|us|usecs?|µs)$/, 0, 0, 1],
  [/^(milliseconds?|ms|msecs?)$/, 0, 0, 1000],
  [/^(seconds?|secs?|s)$/, 0, 0, microsPerSecond],
  [/^(minutes?|mins?|m)$/, 0, 0, 60 * microsPerSecond],
  [/^(hours?|hrs?|h)$/, 0, 0, 3600 * microsPerSecond],
  [/^(days?|d)$/, 0, 1, 0],
  [/^(weeks?|w)$/, 0, 7, 0],
  [/^(months?|mons?)$/, 1, 0, 0],
  [/^(years?|yrs?|y)$/, 12, 0, 0],
]
