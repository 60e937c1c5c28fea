import type { Micros } from '../../../simulation/duration.ts'
import { millisecond } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import { region, uuidOf } from '../sqs/message.ts'

/** What a function is given beside its event. */
export interface FunctionContext {
  readonly functionName: string
  readonly functionVersion: string
  readonly invokedFunctionArn: string
  readonly memoryLimitInMB: string
  readonly awsRequestId: string
  readonly logGroupName: string
  readonly logStreamName: string
  callbackWaitsForEmptyEventLoop: boolean
  getRemainingTimeInMillis(): number
}

/** The context of the n-th invocation in a process, which has to end by then. */
export function contextOf(service: string, process: Process, n: number, deadline: Micros): FunctionContext {
  return {
    functionName: service,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${region}:123456789012:function:${service}`,
    memoryLimitInMB: '128',
    awsRequestId: uuidOf(`${process.name}/${process.incarnation}/${n}`),
    logGroupName: `/aws/lambda/${service}`,
    logStreamName: `${process.name}/[$LATEST]${process.incarnation}`,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor((deadline - process.now) / millisecond)),
  }
}
