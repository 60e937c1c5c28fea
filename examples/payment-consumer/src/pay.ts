import type { Payment } from './payment.ts'
import { charge } from './provider.ts'

/** The key is that of the payment: whoever asks again, after whatever happened, asks for the same charge. */
export async function pay(payment: Payment): Promise<void> {
  await charge(payment, `payment-${payment.id}`)
}
