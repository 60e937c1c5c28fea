/** Code that has started before cannot start now, since something that it needs is away: its process ends, and is started again. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
  /** What the code threw. */
  readonly reason: unknown

  constructor(reason: unknown) {
    super('The consumer could not be made this time.')
    this.reason = reason
  }
}
