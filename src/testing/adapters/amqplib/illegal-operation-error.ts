/** What amqplib throws when a channel is used that is closed. */
export class IllegalOperationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'IllegalOperationError'
  }
}
