/**
 * Commands as `@aws-sdk/client-sqs` and `@aws-sdk/client-kinesis` have them, as far as a client looks at them: the name of the class, and the input that it was
 * made with (https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/sqs/). The packages themselves take 19 MB with what they need.
 */
class Command {
  readonly input: object

  constructor(input: object) {
    this.input = input
  }
}

export class ReceiveMessageCommand extends Command {}
export class DeleteMessageCommand extends Command {}
export class DeleteMessageBatchCommand extends Command {}
export class ChangeMessageVisibilityCommand extends Command {}
export class ChangeMessageVisibilityBatchCommand extends Command {}
export class SendMessageCommand extends Command {}
export class SendMessageBatchCommand extends Command {}
export class GetQueueUrlCommand extends Command {}
export class GetQueueAttributesCommand extends Command {}
export class PurgeQueueCommand extends Command {}
export class PutRecordCommand extends Command {}
export class PutRecordsCommand extends Command {}

/** As far as the real one goes in a check: it would open a socket. */
export class SQSClient {
  send(_command: object): Promise<{ readonly Messages?: { readonly Body: string; readonly ReceiptHandle: string }[] }> {
    return Promise.reject(new Error('This is the real client.'))
  }
}
