import type { Answer, Request } from '../protocol.ts'
import type { AppendOnlyFile } from './append-only-file.ts'
import type { ClientLink } from './client-link.ts'

/**
 * The end of each round of a server's loop: what was done is written, then the answers leave, then those go on who were blocked, or whose requests
 * came while the server waited for its disk.
 */
export class Iteration {
  readonly #file: AppendOnlyFile | undefined
  readonly #obey: (link: ClientLink, request: Request) => void
  #held: (() => void)[] = []
  /** Replicas hear of it in the same moment, behind those who asked. */
  #heldForReplicas: (() => void)[] = []
  #unblocked: ClientLink[] = []
  #arrived: { readonly link: ClientLink; readonly request: Request }[] = []
  #isWaitingForDisk = false
  #afterLast: (() => void) | undefined

  constructor(file: AppendOnlyFile | undefined, obey: (link: ClientLink, request: Request) => void) {
    this.#file = file
    this.#obey = obey
  }

  get isStopped(): boolean {
    return this.#afterLast !== undefined
  }

  get isWaitingForDisk(): boolean {
    return this.#isWaitingForDisk
  }

  /** An orderly end: `then` is called when this round is over, and no further one begins. */
  stop(then: () => void): void {
    this.#afterLast = then
    if (!this.#isWaitingForDisk) then()
  }

  receive(link: ClientLink, request: Request): void {
    if (this.#afterLast !== undefined) return
    if (this.#isWaitingForDisk) {
      this.#arrived.push({ link, request })
      return
    }
    this.#obey(link, request)
    this.end()
  }

  hold(link: ClientLink, answer: Answer): void {
    const held = link.kind === 'replica' ? this.#heldForReplicas : this.#held
    held.push(() => link.write(answer))
  }

  /** Does something behind all answers of this round. */
  afterAnswers(act: () => void): void {
    this.#heldForReplicas.push(act)
  }

  /** It may go on with what it asked for while it was blocked. */
  goesOn(link: ClientLink): void {
    this.#unblocked.push(link)
  }

  end(): void {
    if (this.#isWaitingForDisk || this.#afterLast !== undefined) return
    if (this.#file === undefined) return this.#letOut()
    this.#isWaitingForDisk = true
    this.#file.flush(() => {
      this.#isWaitingForDisk = false
      this.#letOut()
    })
  }

  #letOut(): void {
    const held = [...this.#held, ...this.#heldForReplicas]
    this.#held = []
    this.#heldForReplicas = []
    for (const leave of held) leave()
    if (this.#afterLast !== undefined) return this.#afterLast()
    const link = this.#unblocked.shift()
    if (link !== undefined) {
      for (const request of link.later.splice(0)) this.#obey(link, request)
      return this.end()
    }
    if (this.#arrived.length === 0) return
    for (const { link: from, request } of this.#arrived.splice(0)) this.#obey(from, request)
    this.end()
  }
}
