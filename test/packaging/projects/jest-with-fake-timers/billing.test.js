const testing = require('onceproof/testing')
const { billing } = require('../billing.cjs')

beforeEach(() => jest.useFakeTimers())

it('bills each order once', async () => {
  await expect(testing.checkDelivery(billing(testing))).toHold()
}, 60000)
