const { test } = require('node:test')
const testing = require('onceproof/testing')
const { billing } = require('../billing.cjs')

test('bills each order once', async () => {
  const result = await testing.checkDelivery(billing(testing))
  result.assertHolds()
})
