import type { OffsetResetPolicy } from '../core/consumer/offset-reset.ts'

/** Reads `auto.offset.reset`; `undefined` for a value or a duration (ISO 8601, days to seconds) that cannot be read. */
export function parseOffsetReset(value: string): OffsetResetPolicy | undefined {
  if (value === 'earliest' || value === 'latest' || value === 'none') return { type: value }
  const parts = /^by_duration:P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,6}))?S)?)?$/.exec(value)
  if (parts === null || value === 'by_duration:P') return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1, 5).map((part) => Number(part ?? 0))
  const fraction = Number((parts[5] ?? '').padEnd(6, '0'))
  return { type: 'by_duration', duration: (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction }
}
