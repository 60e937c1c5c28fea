import type { Value } from '../../value.ts'
import { Failure } from '../failure.ts'
import { decimalOf } from './decimal.ts'
import type { SqlFunction } from './sql-function.ts'
import { define, listOf, numberOf, textOf } from './sql-function.ts'
import { dayParts, daysInMonth, daysOf, microsPerDay } from './time-text.ts'

type Parts = readonly [months: number, days: number, micros: number]

function partsOf(value: Value | undefined): Parts {
  const [months, days, micros] = listOf(value)
  return [numberOf(months), numberOf(days), numberOf(micros)]
}

function plus(micros: number, [months, days, rest]: Parts): number {
  const day = Math.floor(micros / microsPerDay)
  return (plusMonths(day, months) + days) * microsPerDay + (micros - day * microsPerDay) + rest
}

/** The same day of another month, or its last one. */
function plusMonths(days: number, months: number): number {
  if (months === 0) return days
  const { year, month, day } = dayParts(days)
  const counted = year * 12 + month - 1 + months
  const [toYear, toMonth] = [Math.floor(counted / 12), (((counted % 12) + 12) % 12) + 1]
  return daysOf(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)))
}

function negated([months, days, micros]: Parts): Parts {
  return [0 - months, 0 - days, 0 - micros]
}

/** Days and µs, as the difference of two times is given. */
function between(one: number, other: number): Parts {
  const days = Math.trunc((one - other) / microsPerDay)
  return [0, days, one - other - days * microsPerDay]
}

function truncated(unit: string, micros: number): number {
  const day = Math.floor(micros / microsPerDay)
  const { year, month } = dayParts(day)
  const sizes: Readonly<Record<string, number>> = {
    ...{ microseconds: 1, milliseconds: 1000, second: 1_000_000, minute: 60_000_000, hour: 3_600_000_000 },
    day: microsPerDay,
  }
  const size = sizes[unit]
  if (size !== undefined) return Math.floor(micros / size) * size
  if (unit === 'week') return (day - ((day + 3) % 7)) * microsPerDay
  if (unit === 'month') return daysOf(year, month, 1) * microsPerDay
  if (unit === 'quarter') return daysOf(year, month - ((month - 1) % 3), 1) * microsPerDay
  if (unit === 'year') return daysOf(year, 1, 1) * microsPerDay
  throw new Failure('0A000', `date_trunc of ${unit}`, { isUnsupported: true })
}

function extracted(field: string, micros: number): Value {
  const day = Math.floor(micros / microsPerDay)
  const { year, month, day: ofMonth } = dayParts(day)
  const clock = micros - day * microsPerDay
  const fields: Readonly<Record<string, string>> = {
    epoch: fixed(micros),
    year: String(year),
    month: String(month),
    day: String(ofMonth),
    hour: String(Math.floor(clock / 3_600_000_000)),
    minute: String(Math.floor(clock / 60_000_000) % 60),
    second: fixed(clock % 60_000_000),
    dow: String((((day + 4) % 7) + 7) % 7),
    doy: String(day - daysOf(year, 1, 1) + 1),
  }
  const text = fields[field]
  if (text === undefined) throw new Failure('0A000', `extract(${field})`, { isUnsupported: true })
  return decimalOf(text) ?? null
}

function fixed(micros: number): string {
  const sign = micros < 0 ? '-' : ''
  const whole = Math.abs(micros)
  return `${sign}${Math.floor(whole / 1_000_000)}.${String(whole % 1_000_000).padStart(6, '0')}`
}

const instants = ['timestamptz', 'timestamp'] as const

export const timeFunctions: readonly SqlFunction[] = [
  define('now', [], 'timestamptz', (_, { clock }) => clock.transaction),
  define('transaction_timestamp', [], 'timestamptz', (_, { clock }) => clock.transaction),
  define('statement_timestamp', [], 'timestamptz', (_, { clock }) => clock.statement),
  define('clock_timestamp', [], 'timestamptz', (_, { clock }) => clock.now()),
  ...instants.flatMap((type) => [
    define('+', [type, 'interval'], type, ([time, span]) => plus(numberOf(time), partsOf(span))),
    define('+', ['interval', type], type, ([span, time]) => plus(numberOf(time), partsOf(span))),
    define('-', [type, 'interval'], type, ([time, span]) => plus(numberOf(time), negated(partsOf(span)))),
    define('-', [type, type], 'interval', ([one, other]) => between(numberOf(one), numberOf(other))),
    define('date_trunc', ['text', type], type, ([unit, time]) => truncated(textOf(unit).toLowerCase(), numberOf(time))),
    define('extract', ['text', type], 'numeric', ([field, time]) =>
      extracted(textOf(field).toLowerCase(), numberOf(time)),
    ),
  ]),
  define('+', ['date', 'int4'], 'date', ([date, days]) => numberOf(date) + numberOf(days)),
  define('-', ['date', 'int4'], 'date', ([date, days]) => numberOf(date) - numberOf(days)),
  define('-', ['date', 'date'], 'int4', ([one, other]) => numberOf(one) - numberOf(other)),
  define('+', ['date', 'interval'], 'timestamp', ([date, span]) => plus(numberOf(date) * microsPerDay, partsOf(span))),
  define('-', ['date', 'interval'], 'timestamp', ([date, span]) =>
    plus(numberOf(date) * microsPerDay, negated(partsOf(span))),
  ),
  define('+', ['interval', 'interval'], 'interval', ([one, other]) => {
    const [some, others] = [partsOf(one), partsOf(other)]
    return [some[0] + others[0], some[1] + others[1], some[2] + others[2]]
  }),
  define('-', ['interval', 'interval'], 'interval', ([one, other]) => {
    const [some, others] = [partsOf(one), partsOf(other)]
    return [some[0] - others[0], some[1] - others[1], some[2] - others[2]]
  }),
  define('*', ['interval', 'float8'], 'interval', ([span, times]) => multiplied(partsOf(span), numberOf(times))),
  define('*', ['float8', 'interval'], 'interval', ([times, span]) => multiplied(partsOf(span), numberOf(times))),
  define('length', ['interval'], 'float8', ([span]) => {
    const [months, days, micros] = partsOf(span)
    return (months * 30 + days) * microsPerDay + micros
  }),
  define('-', ['interval'], 'interval', ([span]) => negated(partsOf(span))),
  define('extract', ['text', 'interval'], 'numeric', ([field, span]) => spanField(textOf(field), partsOf(span))),
  define('to_timestamp', ['float8'], 'timestamptz', ([seconds]) => Math.round(numberOf(seconds) * 1_000_000)),
]

function multiplied([months, days, micros]: Parts, times: number): Parts {
  const exactMonths = months * times
  const exactDays = days * times + (exactMonths - Math.trunc(exactMonths)) * 30
  const rest = (exactDays - Math.trunc(exactDays)) * microsPerDay
  return [Math.trunc(exactMonths), Math.trunc(exactDays), Math.round(micros * times + rest)]
}

function spanField(field: string, [months, days, micros]: Parts): Value {
  if (field.toLowerCase() !== 'epoch')
    throw new Failure('0A000', `extract(${field} from interval)`, { isUnsupported: true })
  const years = Math.trunc(months / 12)
  const seconds = years * 31_557_600 + (months % 12) * 2_592_000 + days * 86_400
  return decimalOf(fixed(seconds * 1_000_000 + micros)) ?? null
}
