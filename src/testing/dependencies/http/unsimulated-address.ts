/** An address that the code calls and that the check declares no API for. The check fails by it. */
export class UnsimulatedAddress extends Error {
  override readonly name = 'UnsimulatedAddress'
  /** Method and URL. */
  readonly address: string

  constructor(address: string) {
    super(`${address} is not simulated: declare it in apis`)
    this.address = address
  }
}
