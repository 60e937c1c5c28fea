import { millisecond, second } from '../../../simulation/duration.ts'
import type { OptionTable } from '../../option.ts'
import { pages } from './pages.ts'

/** How a consumer takes elements from a list. */
export const listTable = {
  take: {
    type: 'choice',
    choices: ['BRPOP', 'BLPOP', 'BLMOVE'],
    fallback: 'BRPOP',
    summary:
      'How it takes an element from a list: out of it, or into the list of those in processing until it is acknowledged.',
    page: pages.lmove,
  },
  'and-then': {
    type: 'list',
    fallback: [],
    summary:
      'Further lists that one pop is for, in this order: it takes from one only when those before are empty. What is in them is for this service, too.',
    page: pages.blpop,
  },
  processing: {
    type: 'text',
    fallback: null,
    summary: 'The list of those in processing; `<name>:processing` by default.',
    page: pages.lmove,
  },
  claims: {
    type: 'choice',
    choices: ['none', 'time', 'token'],
    fallback: 'time',
    summary:
      'What it notes about an element that it has moved there: nothing, the time, or the time and a token by which a script knows later whether the element is still its own.',
    page: pages.jobQueue,
  },
  visibility_ms: {
    type: 'duration',
    unit: 'ms',
    fallback: null,
    minimum: millisecond,
    summary:
      'How long an element may be in processing before a reaper puts it back; one without a noted time goes back after twice as long since it was put in, if its producer noted that. By default nobody puts anything back. A bare number is in ms.',
    page: pages.jobQueue,
  },
  reaper: {
    type: 'choice',
    choices: ['script', 'commands'],
    fallback: 'script',
    summary:
      'How the reaper, which each member runs, puts elements back: in one script, or by one command after another.',
    page: pages.jobQueue,
  },
  'reap-interval': {
    type: 'duration',
    unit: 'ms',
    fallback: 5 * second,
    minimum: millisecond,
    summary: 'How often the reaper looks. A bare number is in ms.',
    page: pages.jobQueue,
  },
} as const satisfies OptionTable
