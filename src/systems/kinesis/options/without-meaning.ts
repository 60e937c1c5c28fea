import type { OptionPart } from '../../system.ts'

const reasons: Readonly<Record<OptionPart, readonly (readonly [RegExp, string])[]>> = {
  system: [
    [
      /^(EncryptionType|KeyId|Tags|StreamARN|Enable.*Monitoring|ShardLevelMetrics)$/,
      'Nothing is encrypted, tagged or metered.',
    ],
    [/^(MaxRecordSizeInKiB|WarmThroughput.*)$/, 'Records are 1 MiB at most, and shards take what they take.'],
  ],
  producer: [
    [
      /^(region|endpoint.*|aws_access_key_id|aws_secret_access_key|credentials.*|profile)$/i,
      'The scenario says who talks to whom.',
    ],
    [/^retry_mode$/, 'The SDK retries as in its standard mode.'],
    [/^ExplicitHashKey$/, 'Keys say where a record goes.'],
    [/^Aggregation/, 'The producer library collects records and does not aggregate them.'],
    [
      /^(RateLimit|FailIfThrottled|MaxConnections|MinConnections|RequestTimeout|CollectionMaxSize|ThreadPoolSize|ThreadingModel)$/,
      'It tunes the producer library, of which the model has what decides whether a record arrives.',
    ],
    [/^Metrics|^LogLevel$/, 'Logs and metrics are left out.'],
  ],
  consumer: [
    [
      /^(region|regionName|kinesisEndpoint|dynamoDBEndpoint|.*[cC]redentials.*)$/,
      'The scenario says who talks to whom.',
    ],
    [
      /^(applicationName|streamName|streamArn|tableName|workerIdentifier|workerId)$/,
      'The scenario says who reads what: the group is the application.',
    ],
    [/^(metrics|logWarningForTaskAfterMillis)/, 'Logs and metrics are left out.'],
    [
      /^(reBalanceThresholdPercentage|dampeningPercentage|allowThroughputOvershoot|disableWorkerMetrics|maxThroughputPerHostKBps|isGracefulLeaseHandoffEnabled|gracefulLeaseHandoffTimeoutMillis|clientVersionConfig|ClientVersionConfig|workerMetrics.*)$/,
      'The leases are those of version 2 of the library.',
    ],
    [
      /^(billingMode|initialLeaseTable.*|maxLeaseRenewalThreads|leaseTable.*|dynamo.*)/,
      'The lease table takes what it is asked.',
    ],
    [
      /^(shardSyncIntervalMillis|cleanupLeases.*|ignoreUnexpectedChildShards|skipShardSync.*|shardPrioritization|.*ListShards.*|listShards.*)/,
      'Leases follow the shards by themselves.',
    ],
    [
      /^(maxPendingProcessRecordsInput|maxGetRecordsThreadPool|retryGetRecordsInSeconds|callProcessRecordsEvenForEmptyRecordList|maxConcurrency|threadPoolSize)$/,
      'A worker fetches one batch ahead and works on one at a time.',
    ],
    [
      /^(enablePriorityLeaseAssignment|validateSequenceNumberBeforeCheckpointing|shutdownGraceMillis)$/,
      'The model does what the library does by default.',
    ],
  ],
}

/** Why a real option of the service, the SDK or the libraries means nothing in the model. */
export function reasonWithoutMeaning(part: OptionPart, option: string): string | undefined {
  return reasons[part].find(([pattern]) => pattern.test(option))?.[1]
}
