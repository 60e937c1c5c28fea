const initialTokens = 500
const retryCost = 5
const timeoutCost = 10
const refund = 1

/** What a client may spend on retries: when most calls fail, it stops trying them again. */
export class RetryQuota {
  #tokens = initialTokens

  /** Pays for a retry; what it cost, or nothing if there is not enough left. */
  pay(isTimeout: boolean): number | undefined {
    const cost = isTimeout ? timeoutCost : retryCost
    if (this.#tokens < cost) return undefined
    this.#tokens -= cost
    return cost
  }

  /** A call succeeded, for whose last retry `paid` was paid. */
  succeeded(paid: number | undefined): void {
    this.#tokens = Math.min(initialTokens, this.#tokens + (paid ?? refund))
  }
}
