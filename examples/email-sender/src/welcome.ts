/** A customer who is to be greeted, once. */
export interface Welcome {
  readonly customer: string
  readonly address: string
}

/** What is in a message. */
export function welcomeOf(content: Buffer): Welcome {
  const welcome: Welcome = JSON.parse(content.toString())
  return welcome
}
