import type { OptionPart } from '../../system.ts'

const clientReasons: Readonly<Record<string, string>> = {
  host: 'The scenario says who talks to whom.',
  port: 'The scenario says who talks to whom.',
  virtualHost: 'There is one virtual host.',
  username: 'There are no users.',
  password: 'There are no users.',
  channelRpcTimeout: 'A channel that is not answered is lost with its connection.',
  requestedChannelMax: 'The broker says how many channels a connection may have.',
  requestedFrameMax: 'Frames are not split.',
  frameMax: 'Frames are not split.',
}

const brokerReasons: readonly (readonly [RegExp, string])[] = [
  [
    /^(listeners|tcp_listen_options|num_acceptors|handshake_timeout|proxy_protocol)\b/,
    'There are no sockets to configure.',
  ],
  [
    /^(ssl_|auth_|default_(user|pass|vhost|permissions|user_tags)|loopback_users)/,
    'There are no users, and nothing is encrypted.',
  ],
  [/^(cluster_|net_ticktime|quorum_|stream|raft|mnesia_)/, 'There is one node with classic queues.'],
  [/^(management|prometheus|mqtt|stomp|log|collect_statistics)\b/, 'Plugins, logs and statistics are left out.'],
  [/^(frame_max|initial_frame_max)$/, 'Frames are not split.'],
  [
    /^vm_memory_high_watermark\.relative$/,
    'The model knows no memory of a host: say vm_memory_high_watermark.absolute.',
  ],
  [
    /^(vm_memory_high_watermark_paging_ratio|queue_index_embed_msgs_below|classic_queue\.|lazy_queue)/,
    'It says how the server stores messages.',
  ],
  [/^disk_free_limit\.relative$/, 'The model knows no memory of a host: say disk_free_limit.absolute.'],
]

/** Why a real option of RabbitMQ or its clients means nothing in the model. */
export function reasonWithoutMeaning(part: OptionPart, option: string): string | undefined {
  if (part !== 'system') return clientReasons[option]
  return brokerReasons.find(([pattern]) => pattern.test(option))?.[1]
}
