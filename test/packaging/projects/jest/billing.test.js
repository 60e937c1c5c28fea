const testing = require('onceproof/testing')
const { billing } = require('../billing.cjs')

it('bills each order once', async () => {
  await expect(testing.checkDelivery(billing(testing))).toHold()
}, 60000)
