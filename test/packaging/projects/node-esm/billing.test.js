import { test } from 'node:test'
import * as testing from 'onceproof/testing'
import { billing } from '../billing.cjs'

test('bills each order once', async () => {
  const result = await testing.checkDelivery(billing(testing))
  result.assertHolds()
})
