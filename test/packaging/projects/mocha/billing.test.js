const testing = require('onceproof/testing')
const { billing } = require('../billing.cjs')

it('bills each order once', async () => {
  const result = await testing.checkDelivery(billing(testing))
  result.assertHolds()
}).timeout(60000)
