import * as testing from 'onceproof/testing'
import { expect, it } from 'vitest'
import { billing } from '../billing.cjs'

it('bills each order once', async () => {
  await expect(testing.checkDelivery(billing(testing))).toHold()
}, 60_000)
