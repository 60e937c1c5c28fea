import type { RpcClient } from '../rpc-client.ts'
import type { ControllerRequest, ControllerResponse } from './controller-protocol.ts'
import type { QuorumLog } from './quorum-log.ts'
import type { QuorumOptions } from './quorum-options.ts'

/** What a voter must never forget: the latest epoch that it knows, and whom it voted for in it. */
export interface Ballot {
  readonly epoch: number
  readonly votedFor: number | undefined
}

export interface CandidacyContext {
  readonly options: QuorumOptions
  readonly epoch: number
  readonly log: QuorumLog
  readonly peers: ReadonlyMap<number, RpcClient<ControllerRequest, ControllerResponse>>
  /** A majority voted for this controller. */
  won(): void
  /** Somebody knows of an epoch that may be later. */
  outvoted(epoch: number): void
}

/** One controller's try to win the election of one epoch. */
export class Candidacy {
  readonly #context: CandidacyContext
  readonly #granted: Set<number>
  #over = false

  constructor(context: CandidacyContext) {
    this.#context = context
    this.#granted = new Set([context.options.self])
  }

  end(): void {
    this.#over = true
  }

  /** Asks everybody for their vote, once the own one is on the disk. */
  begin(): void {
    if (this.#over) return
    this.#count()
    const { options, epoch, log, peers } = this.#context
    const { endOffset, lastEpoch } = log
    const request = { type: 'vote', epoch, candidate: options.self, lastEpoch, endOffset } as const
    for (const [voter, peer] of peers) {
      peer.request(request, options.electionTimeout, (response) => this.#answered(voter, response))
    }
  }

  #answered(voter: number, response: ControllerResponse | undefined): void {
    if (response?.type !== 'vote') return
    const { epoch, outvoted } = this.#context
    outvoted(response.epoch)
    if (response.granted && response.epoch === epoch) this.#granted.add(voter)
    this.#count()
  }

  #count(): void {
    if (this.#over || this.#granted.size * 2 <= this.#context.options.voters.size) return
    this.#context.won()
  }
}
