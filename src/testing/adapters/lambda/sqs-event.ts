import type { Handling } from '../../../application/strategies/strategy.ts'
import { arnOf, messageOf, region, systemAttributesOf } from '../sqs/message.ts'

/** What a function is called with. */
export interface SqsEvent {
  readonly Records: SqsRecord[]
}

/** A message as an event source mapping hands it on, with all its attributes. */
export interface SqsRecord {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  /** System attributes, all of them texts: `ApproximateReceiveCount` ... */
  readonly attributes: Record<string, string>
  readonly messageAttributes: Record<string, RecordAttribute>
  readonly md5OfBody: string
  readonly md5OfMessageAttributes?: string
  readonly eventSource: 'aws:sqs'
  readonly eventSourceARN: string
  readonly awsRegion: string
}

/** An attribute that the sender gave. */
export interface RecordAttribute {
  readonly stringValue: string
  readonly stringListValues: string[]
  readonly binaryListValues: string[]
  readonly dataType: 'String'
}

export function recordOf(handling: Handling): SqsRecord {
  const message = messageOf(handling, { system: [], message: ['All'] })
  const { MD5OfMessageAttributes: digest, MessageAttributes: attributes = {} } = message
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: systemAttributesOf(handling, message.Body),
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { StringValue, DataType }]) => [
        name,
        { stringValue: StringValue, stringListValues: [], binaryListValues: [], dataType: DataType },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    ...(digest === undefined ? {} : { md5OfMessageAttributes: digest }),
    eventSource: 'aws:sqs',
    eventSourceARN: arnOf(handling.delivery.partition),
    awsRegion: region,
  }
}
