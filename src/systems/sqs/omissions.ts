/** What the model leaves out of the service and the SDK, a sentence each. */
export const sqsOmissions: readonly string[] = [
  'How many servers there are, how copies are placed, what a short poll asks and how soon a missed deletion is made up for is nowhere documented: options say it, with defaults of our own.',
  'Servers lose nothing that they have: a server can be unavailable, and comes back with what it had.',
  'The endpoint reaches its servers in no time; a server that is slow counts as one that answers.',
  'A FIFO queue keeps the same on all its servers and is unavailable while half of them are; what the service does is not documented.',
  'There is one region and one account, no permissions, no encryption, and no cost.',
  'Attributes of messages and system attributes change nothing but what code under test is shown; message timers of FIFO queues (which there are none of) are left out.',
  'Message groups of standard queues (fair queues) are left out.',
  'High throughput limits sends and deletions for each message group, as if each had a partition of its own; its receives are not limited.',
  'Of changes of attributes there is the one of DelaySeconds; a redrive goes to the queue that messages came from, and is not cancelled.',
  'The SDK is the one for JavaScript in its standard retry mode; the adaptive mode and other SDKs are left out. An event source mapping of Lambda is a consumer that checks of code bring along.',
  'Connections are opened without TLS handshakes, and an idle one is kept for as long as it lives.',
]
