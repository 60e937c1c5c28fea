/** The check that every kind of project makes, and the tests in their own process. */
exports.billing = ({ kafka, kafkajs }) => ({
  name: 'billing',
  system: kafka({ client: 'kafkajs', partitions: 1 }),
  stores: { ledger: { ledger: {} } },
  consumer: ({ effect, log }) =>
    kafkajs.eachMessage(async ({ message }) => {
      log('billing', String(message.value))
      await new Promise((resolve) => process.nextTick(resolve))
      await new Promise((resolve) => setTimeout(resolve, 5))
      await effect()
    }),
  messages: (n) => ({ key: `customer-${n % 3}`, value: { order: `order-${n}` } }),
  count: 10,
  operation: ({ value }) => value.order,
  faults: 'crashes-and-redelivery',
  runs: 8,
  cases: false,
})
