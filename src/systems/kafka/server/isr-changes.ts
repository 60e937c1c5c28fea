import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import { partitionName } from '../core/controller/partition-registration.ts'
import type { BrokerLifecycle } from './broker-lifecycle.ts'
import type { PartitionProposal } from './controller/controller-protocol.ts'
import { ExponentialBackOff, quorumReconnect } from './exponential-back-off.ts'
import type { HostedPartition } from './hosted-partition.ts'

/** `controller.socket.timeout.ms`. */
const timeout = 30 * second

/** Brings a broker's wishes for other ISRs to the controller, one request at a time, until each is answered or overtaken by metadata. */
export class IsrChanges {
  readonly #process: Process
  readonly #lifecycle: BrokerLifecycle
  readonly #brokerId: number
  readonly #advanced: (partition: HostedPartition) => void
  readonly #wanted = new Map<string, HostedPartition>()
  readonly #backOff = new ExponentialBackOff(quorumReconnect)
  #busy = false

  constructor(
    process: Process,
    lifecycle: BrokerLifecycle,
    brokerId: number,
    advanced: (partition: HostedPartition) => void,
  ) {
    this.#process = process
    this.#lifecycle = lifecycle
    this.#brokerId = brokerId
    this.#advanced = advanced
  }

  /** The partition's leader has a proposal in flight. */
  propose(partition: HostedPartition): void {
    this.#wanted.set(partitionName(partition.of), partition)
    if (!this.#busy) this.#send()
  }

  #send(): void {
    const open = [...this.#wanted.values()].flatMap((partition) => {
      const proposal = partition.leader?.proposalInFlight
      return proposal === undefined ? [] : [{ partition, proposal: { proposal, ...partition.of } }]
    })
    this.#wanted.clear()
    this.#busy = open.length > 0
    if (open.length === 0) return
    const { brokerEpoch } = this.#lifecycle
    const proposals = open.map(({ proposal }) => proposal)
    const request = { type: 'alter-partitions', brokerId: this.#brokerId, brokerEpoch, proposals } as const
    this.#lifecycle.channel.request(request, timeout, (response) => {
      const answers = response?.type === 'alter-partitions' ? response.answers : []
      let mustWait = answers.length === 0
      for (const [index, { partition, proposal }] of open.entries()) {
        const sendAgain = this.#answered(partition, proposal, answers[index])
        if (!sendAgain) continue
        this.#wanted.set(partitionName(partition.of), partition)
        mustWait = true
      }
      // Where to ask is learned by following the metadata log, so nobody asks more often than that is tried.
      if (response !== undefined) this.#backOff.reset()
      if (mustWait) this.#process.setTimer(this.#backOff.next(), () => this.#send())
      else this.#send()
    })
  }

  #answered(
    partition: HostedPartition,
    { proposal }: PartitionProposal,
    answer: Parameters<NonNullable<HostedPartition['leader']>['proposalAnswered']>[1] | undefined,
  ): boolean {
    if (answer === undefined) return true
    const effect = partition.leader?.proposalAnswered(proposal, answer, this.#lifecycle.image.views, this.#process.now)
    if (effect?.advanced === true) this.#advanced(partition)
    return effect?.sendAgain === true
  }
}
