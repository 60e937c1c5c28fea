import { second } from '../../simulation/duration.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { SettingProblem, Use } from '../system.ts'
import { consumerTable, producerTable } from './options/client-table.ts'
import type { QueuePlan, ServicePlan } from './options/queue-plan.ts'
import { servicePlanOf } from './options/queue-plan.ts'

/** What the service would refuse, or what contradicts itself: in queues, in addresses, and in what clients ask of them. */
export function problemsOf(settings: Settings, uses: readonly Use[]): readonly SettingProblem[] {
  const plan = servicePlanOf(settings)
  const queues = [...plan.queues.values()]
  return [
    ...storageProblems(plan),
    ...queues.flatMap((queue) => queueProblems(queue, plan, (option) => isSet(settings, queue.name, option))),
    ...uses.flatMap((use) => useProblems(use, plan)),
  ]
}

function isSet({ explicit }: Settings, queue: string, option: string): boolean {
  return explicit.includes(`queues.${queue}.${option}`)
}

function storageProblems({ storage }: ServicePlan): readonly SettingProblem[] {
  const { servers, copies, shortPollServers } = storage
  const tooMany = (option: string, count: number): readonly SettingProblem[] =>
    count <= servers
      ? []
      : [{ path: [option], message: `there are ${servers} servers`, suggestion: `at most ${servers}, or more servers` }]
  return [...tooMany('copies', copies), ...tooMany('short-poll-servers', shortPollServers)]
}

function queueProblems(queue: QueuePlan, plan: ServicePlan, isGiven: (option: string) => boolean): SettingProblem[] {
  const { name, isFifo, deadLetterQueue, acts } = queue
  const problems: SettingProblem[] = []
  const refuse = (option: string, message: string, suggestion: string): void =>
    void problems.push({ path: ['queues', name, option], message, suggestion })
  if (isFifo !== name.endsWith('.fifo'))
    refuse(
      'FifoQueue',
      isFifo ? `the name of a FIFO queue ends in .fifo` : `only the name of a FIFO queue ends in .fifo`,
      isFifo ? `${name}.fifo` : 'FifoQueue: true',
    )
  for (const option of isFifo ? [] : fifoOnly)
    if (isGiven(option)) refuse(option, `${option} is for FIFO queues`, 'leave it out, or FifoQueue: true')
  const target = deadLetterQueue === undefined ? undefined : plan.queues.get(deadLetterQueue)
  if (deadLetterQueue === name) refuse('RedrivePolicy', 'a queue cannot be its own dead-letter queue', `${name}-dead`)
  else if (deadLetterQueue !== undefined && target === undefined)
    refuse('RedrivePolicy', `there is no queue ${deadLetterQueue}`, `declare it: queues: { ${deadLetterQueue}: {} }`)
  else if (target !== undefined && target.isFifo !== isFifo)
    refuse(
      'RedrivePolicy',
      `the dead-letter queue of a ${isFifo ? 'FIFO' : 'standard'} queue is one as well`,
      'a queue of the same type',
    )
  if (deadLetterQueue === undefined && isGiven('RedrivePolicy.maxReceiveCount'))
    refuse('RedrivePolicy', 'a redrive policy needs a deadLetterTargetArn', 'name the dead-letter queue')
  if (isGiven('redriven-at') && ![...plan.queues.values()].some((other) => other.deadLetterQueue === name))
    refuse('redriven-at', `no queue has ${name} as its dead-letter queue`, 'leave it out')
  if (isGiven('MaxNumberOfMessagesPerSecond') && acts.redrive === undefined)
    refuse('MaxNumberOfMessagesPerSecond', 'it is the speed of a redrive, of which there is none', 'say redriven-at')
  if (isGiven('attributes-set-at') !== isGiven('new-DelaySeconds'))
    refuse('attributes-set-at', 'attributes-set-at and new-DelaySeconds need each other', 'say both')
  return problems
}

const fifoOnly = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
  'calls-per-second',
  'scan-window',
] as const

function useProblems(use: Use, plan: ServicePlan): readonly SettingProblem[] {
  const queue = plan.queues.get(use.address)
  if (queue === undefined) return [addressProblem(use, plan)]
  return use.role === 'producer' ? producerProblems(use, queue) : consumerProblems(use, queue)
}

function addressProblem(use: Use, { queues }: ServicePlan): SettingProblem {
  const known = [...queues.keys()]
  const suggestion =
    known.length === 0 ? `declare it: queues: { ${use.address}: {} }` : `one of ${known.join(', ')}, or declare it`
  return { use, path: ['address'], message: `there is no queue ${use.address}`, suggestion }
}

function producerProblems(use: Use, { isFifo, usesContent }: QueuePlan): readonly SettingProblem[] {
  const values = valuesOf(producerTable, use.settings)
  const { explicit } = use.settings
  const problem = (option: string, message: string, suggestion: string): SettingProblem => ({
    use,
    path: [option],
    message,
    suggestion,
  })
  if (isFifo) {
    const needsId = values.MessageDeduplicationId === 'none' && !usesContent
    return [
      ...(values.DelaySeconds === null
        ? []
        : [problem('DelaySeconds', 'a message of a FIFO queue has no delay of its own', 'DelaySeconds of the queue')]),
      ...(needsId
        ? [problem('MessageDeduplicationId', 'the queue has no ContentBasedDeduplication: it needs an id', 'message')]
        : []),
      ...(explicit.includes('body') && !usesContent
        ? [problem('body', 'only ContentBasedDeduplication looks at the body', 'leave it out')]
        : []),
    ]
  }
  return ['MessageGroupId', 'MessageDeduplicationId', 'body']
    .filter((option) => explicit.includes(option))
    .map((option) => problem(option, `${option} is for FIFO queues`, 'leave it out, or FifoQueue: true'))
}

function consumerProblems(use: Use, { isFifo, rules }: QueuePlan): readonly SettingProblem[] {
  const values = valuesOf(consumerTable, use.settings)
  const problems: SettingProblem[] = []
  if (values.ReceiveRequestAttemptId && !isFifo)
    problems.push({
      use,
      path: ['ReceiveRequestAttemptId'],
      message: 'it is for FIFO queues',
      suggestion: 'leave it out',
    })
  const timeout = values.VisibilityTimeout ?? rules.visibilityTimeout
  if (values.heartbeatInterval !== null && values.heartbeatInterval >= timeout)
    problems.push({
      use,
      path: ['heartbeatInterval'],
      message: `the visibility timeout of ${timeout / second} s is over before the first heartbeat`,
      suggestion: 'less than the visibility timeout',
    })
  return problems
}
