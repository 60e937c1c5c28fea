const guide = 'https://docs.aws.amazon.com/streams/latest/dev'
const reference = 'https://docs.aws.amazon.com/kinesis/latest/APIReference'
const library =
  'https://github.com/awslabs/amazon-kinesis-client/blob/v2.x/amazon-kinesis-client/src/main/java/software/amazon/kinesis'

/** Where what the model does is written. */
export const pages = {
  concepts: `${guide}/key-concepts.html`,
  limits: `${guide}/service-sizes-and-limits.html`,
  createStream: `${reference}/API_CreateStream.html`,
  retention: `${guide}/kinesis-extended-retention.html`,
  resharding: `${guide}/kinesis-using-sdk-java-after-resharding.html`,
  split: `${guide}/kinesis-using-sdk-java-resharding-split.html`,
  distribution: `${reference}/API_UpdateStreamRecordDistributionStrategy.html`,
  putRecord: `${reference}/API_PutRecord.html`,
  putRecords: `${reference}/API_PutRecords.html`,
  producing: `${guide}/developing-producers-with-sdk.html`,
  getRecords: `${reference}/API_GetRecords.html`,
  iterator: `${reference}/API_GetShardIterator.html`,
  subscribe: `${reference}/API_SubscribeToShard.html`,
  fanOut: `${guide}/enhanced-consumers.html`,
  duplicates: `${guide}/kinesis-record-processor-duplicates.html`,
  additional: `${guide}/kinesis-record-processor-additional-considerations.html`,
  troubleshooting: `${guide}/troubleshooting-consumers.html`,
  scaling: `${guide}/kinesis-record-processor-scaling.html`,
  leases: `${guide}/kcl-dynamoDB.html`,
  kcl: 'https://docs.aws.amazon.com/streams/latest/dev/kcl-configuration.html',
  kclConcepts: `${guide}/kcl-concepts.html`,
  processRecords: `${guide}/kcl2-standard-consumer-java-example.html`,
  kpl: `${guide}/kinesis-kpl-config.html`,
  kplRetries: `${guide}/kinesis-producer-adv-retries-rate-limiting.html`,
  kplSettings:
    'https://github.com/awslabs/amazon-kinesis-producer/blob/master/java/amazon-kinesis-producer-sample/default_config.properties',
  retries: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html',
  timeouts: 'https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/http-configuration-netty.html',
  leaseTaker: `${library}/leases/dynamodb/DynamoDBLeaseTaker.java`,
  leaseRenewer: `${library}/leases/dynamodb/DynamoDBLeaseRenewer.java`,
  checkpointer: `${library}/checkpoint/dynamodb/DynamoDBCheckpointer.java`,
  processTask: `${library}/lifecycle/ProcessTask.java`,
  shutdownTask: `${library}/lifecycle/ShutdownTask.java`,
  blockOnParent: `${library}/lifecycle/BlockOnParentShardTask.java`,
  retrievalConfig: `${library}/retrieval/RetrievalConfig.java`,
  pollingConfig: `${library}/retrieval/polling/PollingConfig.java`,
  leaseConfig: `${library}/leases/LeaseManagementConfig.java`,
  coordinatorConfig: `${library}/coordinator/CoordinatorConfig.java`,
  lifecycleConfig: `${library}/lifecycle/LifecycleConfig.java`,
} as const
