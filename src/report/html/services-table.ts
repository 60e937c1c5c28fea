import type { Run } from '../../run.ts'
import { counted, durationText, rateText, sizeText } from '../quantities.ts'
import { html, type Markup, table } from './markup.ts'

type Service = Run['scenario']['services'][number]
type Workload = Service['sends'][number]['workload']
type Address = Service['sends'][number]['to']

/** What each service of the scenario does, a sentence for each thing. */
export function servicesTable({ scenario }: Run): Markup {
  const rows = scenario.services.map((service) => [
    html`<span class="name">${service.name}</span>`,
    counted(service.members, 'member'),
    html`${sentencesOf(service).map((sentence) => html`<div>${sentence}</div>`)}`,
  ])
  return table('Services', ['Service', 'Members', 'What it does'], rows)
}

function sentencesOf(service: Service): readonly string[] {
  return [
    ...service.sends.map(({ to, workload, name }) => `Sends ${workloadText(workload)} to ${at(to)}, named ${name}.`),
    ...service.receives.map(
      ({ from, after }) => `Receives from ${at(from)}${after === 0 ? '' : `, from ${durationText(after)} on`}.`,
    ),
    ...(service.receives.length > 0 ? handlingSentences(service) : []),
    ...service.forwards.map(
      ({ to, count }) => `Sends ${counted(count, 'message')} to ${at(to)} for each one that it handled.`,
    ),
    ...service.asks.map(
      ({ requests, replies, timeout, workload }) =>
        `Asks ${workloadText(workload)} at ${at(requests)} and waits ${durationText(timeout)} for the reply at ${at(replies)}.`,
    ),
    ...(service.replies ? ['Replies to what it handled.'] : []),
  ]
}

function handlingSentences({ handling, replies }: Service): readonly string[] {
  const { takes, varies, concurrency, acknowledge, strategy, store, effect, onError, fails } = handling
  const variation = varies === 0 ? '' : ` ±${Math.round(varies * 100)} %`
  const acknowledging = acknowledge === 'never' ? 'never acknowledges' : `acknowledges ${acknowledge} handling`
  const leaves =
    effect === undefined
      ? replies
        ? []
        : ['Leaves no effect that counts.']
      : [`Its effect (${effect}) goes to ${store ?? 'itself'}; idempotency: ${strategy.name}.`]
  return [
    `Handles ${concurrency === 1 ? 'one' : concurrency} at a time in ${durationText(takes)}${variation}, and ${acknowledging}.`,
    ...leaves,
    ...(fails === undefined
      ? []
      : [
          `Fails${fails.messages.length === 0 ? '' : ` on ${fails.messages.join(', ')}`} with a probability of ${fails.probability}${fails.attempts === Infinity ? ', always' : `, ${counted(fails.attempts, 'attempt')} at most`}; then: ${onError}.`,
        ]),
  ]
}

function workloadText(workload: Workload): string {
  if (workload.kind === 'trace') return `${counted(workload.messages.length, 'message')} of a recorded trace`
  const { messages, arrival, keys, size } = workload
  return `${counted(messages, 'message')} ${arrivalText(arrival)} with ${counted(keys, 'key')} (${sizeText(size)} each)`
}

function arrivalText(arrival: Extract<Workload, { readonly kind: 'synthetic' }>['arrival']): string {
  switch (arrival.kind) {
    case 'constant':
      return `at ${rateText(arrival.perSecond)}`
    case 'poisson':
      return `at ${rateText(arrival.perSecond)} on average`
    case 'burst':
      return `in bursts of ${arrival.size} every ${durationText(arrival.every)}`
  }
}

function at({ system, path }: Address): string {
  return `${system}/${path}`
}
