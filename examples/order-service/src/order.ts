export interface Order {
  readonly id: string
  readonly sku: string
  readonly quantity: number
}

/** What is in a message. */
export function orderOf(content: Buffer): Order {
  const order: Order = JSON.parse(content.toString())
  return order
}
