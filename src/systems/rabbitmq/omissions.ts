/** What the clients and the product as a whole leave out; the broker says its own. */
export const rabbitOmissions: readonly string[] = [
  'There is one node: no cluster, no quorum queues, no streams, no federation, and no shovel but a consumer that moves what it takes (`shovel-to`).',
  'There are no plugins, such as the exchange for delayed messages (archived) and the one for consistent hashing.',
  'There is one virtual host, and no users or permissions.',
  'Bodies are sizes: frames are not split, and nothing is compressed or encrypted.',
  'Clients connect to one address, and none of them keeps a pool of connections or channels.',
  "The Java client's recovery retries at a fixed interval; the option of amqplib that does the same, off by default, is left out.",
  'A message has the routing key of the address that it is sent to; keys made from the message itself are left out.',
]
