import { cache } from './cache/cache.ts'
import { database } from './database/database.ts'
import { externalApi } from './external-api/external-api.ts'
import { httpApi } from './http-api/http-api.ts'
import { ledger } from './ledger.ts'
import { lockService } from './lock/lock-service.ts'
import type { StoreKind } from './store.ts'

/** Every kind of store, in the order in which documents list them. */
export const storeKinds: readonly StoreKind[] = [ledger, database, cache, externalApi, httpApi, lockService]

/** Kinds that are planned and not there yet. */
export const plannedStores: readonly string[] = []

/** The facts that stores have of their own. */
export const storeFacts = storeKinds.flatMap(({ facts }) => facts ?? [])
