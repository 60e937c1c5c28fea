import { ledger } from './ledger.ts'
import type { StoreKind } from './store.ts'

/** Every kind of store, in the order in which documents list them. */
export const storeKinds: readonly StoreKind[] = [ledger]

/** Kinds that are planned and not there yet. */
export const plannedStores: readonly string[] = ['database', 'cache', 'api', 'lock']
