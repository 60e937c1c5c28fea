import { millisecond, second } from '../../../simulation/duration.ts'
import type { OptionTable } from '../../option.ts'
import { pages } from './pages.ts'

/** How a consumer reads a stream. */
export const streamTable = {
  read: {
    type: 'choice',
    choices: ['XREADGROUP', 'XREAD'],
    fallback: 'XREADGROUP',
    summary:
      'How it reads a stream: as a member of a group that the server keeps account of, or by itself from a position that it keeps.',
    page: pages.streams,
  },
  start: {
    type: 'choice',
    choices: ['0', '$'],
    fallback: '0',
    summary:
      'Where a new group begins, or a reader without a position: with the first entry that is there, or with what comes from then on. Redis has no default: the command says which.',
    page: pages.xgroupCreate,
  },
  position: {
    type: 'choice',
    choices: ['memory', 'file'],
    fallback: 'file',
    summary: 'Where a reader by itself keeps the id of the last entry that it is done with.',
    page: pages.xread,
  },
  'read-pending': {
    type: 'choice',
    choices: ['at-start', 'after-reconnect', 'always', 'never'],
    fallback: 'at-start',
    summary:
      'When it reads, before anything new, what it was given and has not acknowledged: when its process starts, also after each new connection, each time that it reads, or never. A read that its client sends again after a new connection comes first, and waits as `block` says.',
    page: pages.streams,
  },
  noack: {
    type: 'flag',
    fallback: false,
    summary: 'Whether entries count as acknowledged when they are handed out (`NOACK`).',
    page: pages.xreadgroup,
  },
  block: {
    type: 'duration',
    unit: 'ms',
    fallback: 0,
    minimum: 0,
    summary: 'How long a command waits at the server when there is nothing; 0 for ever. A bare number is in ms.',
    page: pages.xread,
  },
  consumer: {
    type: 'choice',
    choices: ['member', 'process'],
    fallback: 'member',
    summary: 'By which name the group knows a member: the same after each start, or a new one each time.',
    page: pages.xreadgroup,
  },
  'min-idle-time': {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: 0,
    summary:
      'How long an entry has to be pending before another member takes it over (`XAUTOCLAIM`); by default nobody does. A bare number is in ms.',
    page: pages.xautoclaim,
  },
  'claim-interval': {
    type: 'duration',
    unit: 'ms',
    fallback: second,
    minimum: millisecond,
    summary:
      'How often a member that has nothing to do looks for such entries; one that has does so before it reads on. A bare number is in ms.',
    page: pages.xautoclaim,
  },
  'claim-with': {
    type: 'choice',
    choices: ['XAUTOCLAIM', 'CLAIM'],
    fallback: 'XAUTOCLAIM',
    summary: 'How it takes over: by a command of its own, or with the next `XREADGROUP` (since 8.4).',
    page: pages.xreadgroup,
  },
  'keep-claimed': {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: millisecond,
    summary:
      'How often a member claims again, for itself, what it is working on (`XCLAIM JUSTID`), so that it does not become idle; by default it does not. A bare number is in ms.',
    page: pages.xclaim,
  },
  'check-owner': {
    type: 'flag',
    fallback: false,
    summary:
      'Whether it acknowledges by a script that first looks whether the entry is still its own, which `XACK` does not.',
    page: pages.xack,
  },
  'max-deliveries': {
    type: 'count',
    fallback: null,
    minimum: 1,
    summary:
      'Deliveries after which an entry is given up: it goes to `dead-letter`, or is only acknowledged; by default it never is.',
    page: pages.streams,
  },
  'dead-letter': {
    type: 'text',
    fallback: null,
    summary: 'The stream that takes what is given up or discarded.',
    page: pages.streams,
  },
  nack: {
    type: 'choice',
    choices: ['none', 'SILENT', 'FAIL', 'FATAL'],
    fallback: 'none',
    summary:
      'How it gives an entry back: not at all, so that it claims it again itself, or by `XNACK`, so that anybody may take it over at once, with less, as much or the highest count of deliveries. Since 8.8.',
    page: pages.xnack,
  },
  'delete-on-close': {
    type: 'flag',
    fallback: false,
    summary:
      'Whether a member that stops in order deletes itself from the group (`XGROUP DELCONSUMER`), with what it had pending.',
    page: pages.xdelconsumer,
  },
  'group-gone': {
    type: 'choice',
    choices: ['try-again', 'create'],
    fallback: 'try-again',
    summary:
      'What it does when its group is no longer there: ask again and again, or create it once more at the first entry.',
    page: pages.xgroupCreate,
  },
} as const satisfies OptionTable
