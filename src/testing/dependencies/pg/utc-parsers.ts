import { types } from 'pg'

/** `timestamp` and `date`, which say nothing of a zone: the driver takes them as of the zone of the machine. */
const withoutZone = { timestamp: 1114, date: 1082 } as const

type Parser = (text: string) => unknown

const ownOfDriver = new Map(Object.values(withoutZone).map((oid): [number, Parser] => [oid, types.getTypeParser(oid)]))

/**
 * The driver's parsers, also those that the user has set, but that the simulated machine is in UTC wherever the real one is: the same run gives
 * the same values everywhere.
 */
export const utcParsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): Parser {
    const parser: Parser = format === 'binary' ? types.getTypeParser(oid, 'binary') : types.getTypeParser(oid)
    if (parser !== ownOfDriver.get(oid)) return parser
    return oid === withoutZone.date
      ? (text) => new Date(`${text}T00:00:00.000Z`)
      : (text) => new Date(`${text.replace(' ', 'T')}Z`)
  },
}
