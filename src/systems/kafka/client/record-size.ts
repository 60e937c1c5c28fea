import type { Envelope } from '../../system.ts'

/** What a record takes beside its key and value: lengths, offset and time deltas, headers. */
const recordOverheadBytes = 12

/** Bytes of a record in a batch. */
export function sizeOf({ key, size }: Envelope): number {
  return size + key.length + recordOverheadBytes
}
