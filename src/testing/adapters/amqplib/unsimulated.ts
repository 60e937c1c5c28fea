import { EventEmitter } from 'node:events'

/** What a channel of amqplib can do besides, and a check cannot: each says so when it is called. */
export class Unsimulated extends EventEmitter {
  close(): Promise<void> {
    return refused('close')
  }

  deleteQueue(_queue: string): Promise<{ messageCount: number }> {
    return refused('deleteQueue')
  }

  purgeQueue(_queue: string): Promise<{ messageCount: number }> {
    return refused('purgeQueue')
  }

  unbindQueue(_queue: string): Promise<Record<string, never>> {
    return refused('unbindQueue')
  }

  deleteExchange(_exchange: string): Promise<Record<string, never>> {
    return refused('deleteExchange')
  }

  unbindExchange(_destination: string): Promise<Record<string, never>> {
    return refused('unbindExchange')
  }

  consume(_queue: string): Promise<{ consumerTag: string }> {
    return refused('consume')
  }

  cancel(_consumerTag: string): Promise<{ consumerTag: string }> {
    return refused('cancel')
  }

  get(_queue: string): Promise<false> {
    return refused('get')
  }

  recover(): Promise<Record<string, never>> {
    return refused('recover')
  }
}

function refused(method: string): Promise<never> {
  return Promise.reject(new Error(`channel.${method} is not simulated.`))
}
