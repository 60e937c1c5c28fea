import type { KafkaError } from '../../core/error-table.ts'
import type { ResponseBody } from '../../protocol.ts'
import type { GroupRequest } from './group-coordinator.ts'

/** The answer to a request that says no more than an error. */
export function refusal(request: GroupRequest, error: KafkaError): ResponseBody {
  switch (request.type) {
    case 'find-coordinator':
      return { type: request.type, error, coordinator: undefined }
    case 'join-group': {
      const nothing = { generation: -1, protocol: undefined, leader: undefined, members: [] }
      return { type: request.type, error, memberId: request.memberId, ...nothing }
    }
    case 'sync-group':
      return { type: request.type, error, assignment: [] }
    case 'heartbeat':
      return { type: request.type, error, mayRest: false }
    case 'offset-fetch':
      return { type: request.type, error, offsets: [] }
    default:
      return { type: request.type, error }
  }
}
