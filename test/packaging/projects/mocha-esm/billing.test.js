import * as testing from 'onceproof/testing'
import { billing } from '../billing.cjs'

it('bills each order once', async () => {
  const result = await testing.checkDelivery(billing(testing))
  result.assertHolds()
}).timeout(60000)
