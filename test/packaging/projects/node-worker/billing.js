import { once } from 'node:events'
import { isMainThread, Worker } from 'node:worker_threads'
import * as testing from 'onceproof/testing'
import { billing } from '../billing.cjs'

if (isMainThread) await once(new Worker(new URL(import.meta.url)), 'exit')
else (await testing.checkDelivery(billing(testing))).assertHolds()
