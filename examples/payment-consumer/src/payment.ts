/** A payment that somebody owes. */
export interface Payment {
  readonly id: string
  readonly customer: string
  readonly cents: number
}

/** What is in a message. */
export function paymentOf(content: Buffer): Payment {
  const payment: Payment = JSON.parse(content.toString())
  return payment
}
