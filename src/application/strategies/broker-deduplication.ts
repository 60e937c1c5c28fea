import { workThenEffect } from './none.ts'
import type { Strategy } from './strategy.ts'

export const brokerDeduplication: Strategy = {
  name: 'broker-deduplication',
  summary: 'Rely on the system to take each message once; the handler does nothing about it.',
  why: 'It keeps copies out that the producer sends, by the id and for the time that the system compares; a redelivery is no copy, and passes.',
  options: {},
  stores: {},
  writes: 'delta',
  start: () => workThenEffect,
}
