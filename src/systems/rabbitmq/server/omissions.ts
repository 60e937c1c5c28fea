/** What the model of the broker leaves out, a sentence each. */
export const brokerOmissions: readonly string[] = [
  'The processes of a broker are one: a frame has had all its effects before the next one is looked at.',
  'Connections open in one exchange of frames; there is no authentication and no negotiation but that of heartbeats.',
  'Exchanges, queues, bindings and policies are on the disk as soon as they are declared.',
  'A broker that starts again declares what the scenario does, as one with `load_definitions` in its configuration: what was not durable is there again, and empty.',
  'Queues are recovered in no time; checksums find every torn or corrupt record.',
  'The message store and the index of a queue are one file, and flow control counts writes that the disk does not have yet.',
  'The memory alarm counts the bodies of messages in queues with 512 bytes each; the paging of messages to the disk is not modelled.',
  'A queue pushes all that the prefetch lets through to a client that does not read; a real one stops when the sockets are full and 200 more messages wait.',
  'A broken disk lets confirms wait until it works again; a real queue would crash and be restarted.',
  'What is lost of a dead letter between two queues is lost by a crash between their writes; the server may also lose it in between.',
  'Classic queue mirroring, operator policies, plugins and the management interface are not modelled.',
]
