const { expect, it } = require('@jest/globals')
const testing = require('onceproof/testing')
const matchers = require('onceproof/testing/matchers')
const { billing } = require('../billing.cjs')

expect.extend(matchers)

it('bills each order once', async () => {
  await expect(testing.checkDelivery(billing(testing))).toHold()
}, 60000)
