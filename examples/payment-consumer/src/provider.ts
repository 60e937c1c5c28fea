import type { Payment } from './payment.ts'

const url = 'https://api.example.com/charges'

/** Of calls with the same key, the provider executes one. */
export async function charge({ id, customer, cents }: Payment, key: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify({ payment: id, customer, amount: cents }),
    signal: AbortSignal.timeout(10_000),
  })
  // An error of the provider is no exception of fetch. Whoever does not look here loses payments.
  if (!response.ok) throw new Error(`the provider answered ${response.status} to the charge of ${id}`)
}
