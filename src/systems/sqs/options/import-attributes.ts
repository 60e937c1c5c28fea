import type { ConfigurationFile, FileReading, ReadOption } from '../../configuration-file.ts'
import { emptyReading } from '../../configuration-file.ts'
import { queueNameOf } from './queue-plan.ts'
import { queueTable } from './queue-table.ts'
import { reasonWithoutMeaning } from './without-meaning.ts'

/** What `aws sqs get-queue-attributes` prints, one file for each queue. */
export const attributesFile: ConfigurationFile = {
  key: 'attributes',
  summary: 'The attributes of a queue, as `aws sqs get-queue-attributes --attribute-names All` prints them.',
  read: importAttributes,
}

type Json = Readonly<Record<string, unknown>>

/** The attributes of one queue, whose name is in its QueueArn. All values are strings there. */
export function importAttributes(text: string): FileReading {
  const json = parsedObject(text)
  const attributes = isObject(json?.['Attributes']) ? json['Attributes'] : json
  if (attributes === undefined) return refused('is no JSON object')
  const arn = attributes['QueueArn']
  if (typeof arn !== 'string') return refused('has no QueueArn, which says the name of the queue')
  const queue = queueNameOf(arn)
  const readings = Object.entries(attributes).map(([name, value]) => attribute(queue, name, value))
  return {
    ...emptyReading,
    options: [
      // A queue without any attribute that matters is a queue all the same.
      { path: ['queues', queue], value: {} },
      ...readings.flatMap(({ options = [] }) => options),
    ],
    withoutMeaning: readings.flatMap(({ withoutMeaning = [] }) => withoutMeaning),
    missing: readings.flatMap(({ missing = [] }) => missing),
    problems: readings.flatMap(({ problems = [] }) => problems),
  }
}

function attribute(queue: string, name: string, value: unknown): Partial<FileReading> {
  const reason = reasonWithoutMeaning('system', name)
  if (reason !== undefined) return { withoutMeaning: [{ name: `queue ${queue}: ${name}`, reason }] }
  if (name === 'RedrivePolicy') return redrivePolicy(queue, value)
  return { options: [{ path: ['queues', queue, name], value: plain(name, value) }] }
}

/** JSON in a string, in which the count may be a string again. */
function redrivePolicy(queue: string, value: unknown): Partial<FileReading> {
  const policy = typeof value === 'string' ? parsedObject(value) : isObject(value) ? value : undefined
  const target = policy?.['deadLetterTargetArn']
  if (policy === undefined || typeof target !== 'string')
    return { problems: [{ message: `the RedrivePolicy of ${queue} is no JSON object with a deadLetterTargetArn` }] }
  const options = Object.entries(policy).map(([name, given]): ReadOption => ({
    path: ['queues', queue, 'RedrivePolicy', name],
    value: name === 'maxReceiveCount' ? numberIn(given) : given,
  }))
  return { options, missing: [`The file does not contain the dead-letter queue ${queueNameOf(target)}.`] }
}

/** The value as a scenario says it. */
function plain(name: string, value: unknown): unknown {
  const type = Object.entries(queueTable).find(([option]) => option === name)?.[1].type
  if (type === 'flag') return value === 'true' ? true : value === 'false' ? false : value
  if (type === 'duration' || type === 'size' || type === 'count') return numberIn(value)
  return value
}

function numberIn(value: unknown): unknown {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}

function parsedObject(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isObject(json) ? json : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused(why: string): FileReading {
  return { ...emptyReading, problems: [{ message: `the file ${why}` }] }
}
