import type { OptionPart } from '../../system.ts'

const clientReasons: Readonly<Record<string, string>> = {
  region: 'There is one region.',
  endpoint: 'The scenario says who talks to whom.',
  credentials: 'There are no users.',
  QueueUrl: 'The address says which queue.',
  retryMode: 'The standard retry mode is the only one that there is.',
  AttributeNames: 'What the service says about a message has no meaning for the model.',
  MessageAttributeNames: 'Attributes of messages are left out.',
  MessageSystemAttributeNames: 'What the service says about a message has no meaning for the model.',
  useQueueUrlAsEndpoint: 'The scenario says who talks to whom.',
  md5: 'Nothing is damaged on the way.',
}

const queueReasons: Readonly<Record<string, string>> = {
  QueueArn: 'It names the queue.',
  Policy: 'There are no users and no permissions.',
  RedriveAllowPolicy: 'There are no users and no permissions.',
  KmsMasterKeyId: 'Nothing is encrypted.',
  KmsDataKeyReusePeriodSeconds: 'Nothing is encrypted.',
  SqsManagedSseEnabled: 'Nothing is encrypted.',
  ApproximateNumberOfMessages: 'It is a reading, not a setting.',
  ApproximateNumberOfMessagesDelayed: 'It is a reading, not a setting.',
  ApproximateNumberOfMessagesNotVisible: 'It is a reading, not a setting.',
  CreatedTimestamp: 'It is a reading, not a setting.',
  LastModifiedTimestamp: 'It is a reading, not a setting.',
}

/** Why a real option of the service or the SDK means nothing in the model. */
export function reasonWithoutMeaning(part: OptionPart, option: string): string | undefined {
  const reasons = part === 'system' ? queueReasons : clientReasons
  const name = option.slice(option.lastIndexOf('.') + 1)
  return Object.hasOwn(reasons, name) ? reasons[name] : undefined
}
