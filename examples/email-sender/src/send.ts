import type { Welcome } from './welcome.ts'

/** Hands a mail to the provider, which knows no keys: it sends whatever it is handed. */
export async function send({ customer, address }: Welcome): Promise<void> {
  const response = await fetch('https://mail.example.com/messages', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ to: address, subject: `Welcome, ${customer}` }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`the provider answered ${response.status} to the mail to ${customer}`)
}
