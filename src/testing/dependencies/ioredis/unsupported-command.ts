/** A command that the simulated cache does not execute. The check fails by it: what it would have done is not guessed. */
export class UnsupportedCommand extends Error {
  override readonly name = 'UnsupportedCommand'
  readonly command: string

  constructor(command: string) {
    super(`the simulated cache does not support the command ${command.toUpperCase()}`)
    this.command = command
  }
}
