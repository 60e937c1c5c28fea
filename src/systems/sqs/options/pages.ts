const guide = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide'
const reference = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference'

/** The pages of the documentation that rules and defaults come from. */
export const pages = {
  attempts: `${reference}/API_ReceiveMessage.html`,
  batch: `${reference}/API_SendMessageBatch.html`,
  changeVisibility: `${reference}/API_ChangeMessageVisibility.html`,
  createQueue: `${reference}/API_CreateQueue.html`,
  deadLetters: `${guide}/sqs-dead-letter-queues.html`,
  deduplication: `${guide}/using-messagededuplicationid-property.html`,
  delay: `${guide}/sqs-delay-queues.html`,
  deleteBatch: `${reference}/API_DeleteMessageBatch.html`,
  deleteMessage: `${reference}/API_DeleteMessage.html`,
  deleteQueue: `${reference}/API_DeleteQueue.html`,
  fifo: `${guide}/FIFO-queues-understanding-logic.html`,
  groups: `${guide}/using-messagegroupid-property.html`,
  highThroughput: `${guide}/high-throughput-fifo.html`,
  move: `${reference}/API_StartMessageMoveTask.html`,
  polling: `${guide}/sqs-short-and-long-polling.html`,
  purge: `${reference}/API_PurgeQueue.html`,
  quotas: `${guide}/quotas-messages.html`,
  receive: `${reference}/API_ReceiveMessage.html`,
  redrive: `${guide}/sqs-configure-dead-letter-queue-redrive.html`,
  retries: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html',
  sdk: 'https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-maxsockets.html',
  send: `${reference}/API_SendMessage.html`,
  setAttributes: `${reference}/API_SetQueueAttributes.html`,
  standard: `${guide}/standard-queues.html`,
  timeouts: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-smart-config-defaults.html',
  visibility: `${guide}/sqs-visibility-timeout.html`,
} as const
