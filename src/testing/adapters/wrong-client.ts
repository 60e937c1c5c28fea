import { WrongCheck } from '../wrong-check.ts'

/** The shape of a consumer does not go with the client that the check's system has. */
export class WrongClient extends WrongCheck {
  override readonly name = 'WrongClient'

  constructor(shape: string, needed: string) {
    super(`${shape} needs the client that it is written for: system: ${needed}`)
  }
}
