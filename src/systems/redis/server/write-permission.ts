import { failure } from '../core/errors.ts'
import type { ErrorReply } from '../core/reply.ts'
import type { AppendOnlyFile } from './append-only-file.ts'
import type { ReplicaFeed } from './replica-feed.ts'
import type { ServerSettings } from './server-settings.ts'
import type { SnapshotFile } from './snapshot-file.ts'

export interface Permitting {
  readonly settings: ServerSettings
  readonly isReplica: boolean
  readonly file: AppendOnlyFile | undefined
  readonly snapshots: SnapshotFile
  readonly feed: ReplicaFeed
}

/** Why a server takes no writes now; nothing if it does. */
export function refusalOfWrites({ settings, isReplica, file, snapshots, feed }: Permitting): ErrorReply | undefined {
  const { values } = settings
  if (isReplica) return failure("You can't write against a read only replica.", 'READONLY')
  const isSnapshotFailing = values['stop-writes-on-bgsave-error'] && snapshots.isFailing
  if (isSnapshotFailing || file?.isFailing === true) return failure('Errors writing to the disk', 'MISCONF')
  const least = values['min-replicas-to-write']
  const lag = values['min-replicas-max-lag']
  // Either of them being 0 means that nobody looks.
  if (least > 0 && lag > 0 && feed.countWithin(lag) < least)
    return failure('Not enough good replicas to write.', 'NOREPLICAS')
  return undefined
}
