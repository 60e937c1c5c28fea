import type { Process } from '../../../simulation/process.ts'
import type { SdkSettings } from '../options/client-tables.ts'
import type { ServiceAnswer, ServicePush, ServiceRequest, TableAnswer, TableRequest } from '../protocol.ts'
import { serviceRequestBytes, servicePort, tableBytes, tablePort } from '../protocol.ts'
import { ApiClient } from './api-client.ts'

export type ServiceClient = ApiClient<ServiceRequest, ServiceAnswer, ServicePush>
export type TableClient = ApiClient<TableRequest, TableAnswer, never>

export interface ServiceEvents {
  pushed(push: ServicePush): void
  lost(): void
}

/** The nodes of a system. */
export interface Endpoints {
  readonly service: string
  readonly table: string
}

export function serviceClient(
  process: Process,
  { service: node }: Endpoints,
  settings: SdkSettings,
  events?: ServiceEvents,
): ServiceClient {
  const endpoint = { node, port: servicePort, bytesOf: serviceRequestBytes, isThrottled, ...events }
  return new ApiClient(process, endpoint, settings)
}

export function tableClient(process: Process, { table: node }: Endpoints, settings: SdkSettings): TableClient {
  return new ApiClient(process, { node, port: tablePort, bytesOf: tableRequestBytes }, settings)
}

function isThrottled(answer: ServiceAnswer): boolean {
  return answer.type === 'error' && answer.throttled
}

function tableRequestBytes(request: TableRequest): number {
  if (request.type === 'renew' || request.type === 'evict') return tableBytes(request.holdings.length)
  return tableBytes(request.type === 'create' || request.type === 'take' ? request.leases.length : 1)
}
