import type { Actions, ClientConfig, CallOptions } from '../client.ts'
import { SimulatedClient } from '../client.ts'
import type { PutRecordAnswer, PutRecordsAnswer } from './put-records.ts'
import { putRecord, putRecords } from './put-records.ts'

const actions = { PutRecord: putRecord, PutRecords: putRecords } as const satisfies Actions

/** Stands in place of the `KinesisClient` of `@aws-sdk/client-kinesis`, for code that puts records. Who reads them is served by `awsKcl`. */
export class KinesisClient extends SimulatedClient {
  constructor(config: ClientConfig = {}) {
    super('KinesisClient', actions, config)
  }
}

/** Stands in place of the aggregated client `Kinesis`. */
export class Kinesis extends KinesisClient {
  putRecord(input: object, options: CallOptions = {}): Promise<PutRecordAnswer> {
    return this.call(actions.PutRecord, 'PutRecord', input, options)
  }

  putRecords(input: object, options: CallOptions = {}): Promise<PutRecordsAnswer> {
    return this.call(actions.PutRecords, 'PutRecords', input, options)
  }
}
