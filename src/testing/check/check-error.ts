/** What is wrong with a check, every problem at once, in the user's words. What was run by then says nothing. */
export class CheckError extends Error {
  readonly problems: readonly string[]

  constructor(name: string, problems: readonly string[]) {
    const which = name === '' ? 'The check' : `The check "${name}"`
    const lines =
      problems.length === 1 ? ` ${problems[0] ?? ''}` : `\n${problems.map((each) => `  - ${each}`).join('\n')}`
    super(`${which} cannot be run:${lines}`)
    this.name = 'CheckError'
    this.problems = problems
  }
}

/** Thrown where a check was to hold and did not. */
export class DeliveryError extends Error {
  constructor(text: string) {
    super(text)
    this.name = 'DeliveryError'
  }
}
