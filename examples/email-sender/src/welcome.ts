/** A customer who is to be greeted, once. */
export interface Welcome {
  readonly customer: string
  readonly address: string
}

/** Hands a mail to the provider, which knows no keys: it sends whatever it is handed. */
export type Send = (welcome: Welcome) => Promise<void>

/** What is in a message. */
export function welcomeOf(content: Buffer): Welcome {
  const welcome: Welcome = JSON.parse(content.toString())
  return welcome
}
