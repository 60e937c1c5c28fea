import { test } from 'node:test'
import * as testing from 'onceproof/testing'
import { billing } from './billing.js'

test('bills each order once', async () => {
  const result = await testing.checkDelivery(billing(testing))
  result.assertHolds()
})
