import { test } from 'node:test'
import * as testing from 'onceproof/testing'
import { billing } from '../billing.cjs'

test('bills each order once', async () => {
  const check = () => testing.checkDelivery(billing(testing))
  const [one, other] = await Promise.all([check(), check()])
  if (one.text === other.text) one.assertHolds()
  throw new Error(`${one.text}\n\nis not\n\n${other.text}`)
})
