import { amqplib, rabbitmq } from '../../../src/testing/index.ts'
import type { Canary } from './canary.ts'
import { pause, recognising } from './canary.ts'

/** The store recognises each order, and the messages come fast enough that a consumer has several in hand. */
const several = { ...recognising, system: rabbitmq(), rate: 1000 }

type Channel = Parameters<Parameters<typeof amqplib.consume>[0]>[1]

/** Bugs of code for RabbitMQ: in what is acknowledged, and when. */
export const acknowledgementCanaries: readonly Canary[] = [
  {
    bug: 'an acknowledgement says "and all before it"',
    breaks: 'no-loss',
    broken: {
      ...several,
      consumer: ({ effect }) =>
        amqplib.consume(
          async (message, channel) => {
            if (message === null) return
            await pause(Math.random() * 20)
            await effect()
            channel.ack(message, true)
          },
          { prefetch: 10 },
        ),
    },
    mended: {
      ...several,
      consumer: ({ effect }) =>
        amqplib.consume(
          async (message, channel) => {
            if (message === null) return
            await pause(Math.random() * 20)
            await effect()
            channel.ack(message)
          },
          { prefetch: 10 },
        ),
    },
  },
  {
    bug: 'what comes again is taken for done',
    breaks: 'no-loss',
    broken: {
      ...several,
      consumer: ({ effect }) =>
        amqplib.consume(async (message, channel) => {
          if (message === null) return
          if (!message.fields.redelivered) await effect()
          channel.ack(message)
        }),
    },
    mended: {
      ...several,
      consumer: ({ effect }) =>
        amqplib.consume(async (message, channel) => {
          if (message === null) return
          await effect()
          channel.ack(message)
        }),
    },
  },
  {
    bug: 'what failed is rejected, and there is no queue for dead letters',
    breaks: 'no-loss',
    broken: {
      ...several,
      consumer: ({ effect, log }) =>
        amqplib.consume(async (message, channel) => {
          if (message === null) return
          try {
            await effect()
            channel.ack(message)
          } catch (error) {
            log('rejected', error)
            channel.nack(message, false, false)
          }
        }),
    },
    mended: {
      ...several,
      consumer: ({ effect, log }) =>
        amqplib.consume(async (message, channel) => {
          if (message === null) return
          try {
            await effect()
            channel.ack(message)
          } catch (error) {
            log('given back', error)
            await pause(500)
            channel.nack(message)
          }
        }),
    },
  },
  {
    bug: 'a message is acknowledged on whatever channel is open by then',
    breaks: 'no-loss',
    broken: {
      ...several,
      consumer: ({ effect, log }) => {
        let current: Channel
        return amqplib.onChannel(
          (channel) => {
            current = channel
            return async (message) => {
              if (message === null) return
              await pause(30)
              try {
                await effect()
                current.ack(message)
              } catch (error) {
                log('not acknowledged', error)
              }
            }
          },
          { prefetch: 5 },
        )
      },
    },
    mended: {
      ...several,
      consumer: ({ effect, log }) =>
        amqplib.onChannel(
          (channel) => async (message) => {
            if (message === null) return
            await pause(30)
            try {
              await effect()
              channel.ack(message)
            } catch (error) {
              log('given back', error)
              await pause(500)
              channel.nack(message)
            }
          },
          { prefetch: 5 },
        ),
    },
  },
]
