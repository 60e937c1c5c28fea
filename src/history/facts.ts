import type { FactKind, FactOf, FactRule } from './fact.ts'
import { defineFact } from './fact.ts'

/*
 * The neutral facts: what every product, program and store can say. Products add their own kinds beside these.
 */

/** A program asked its producer to send a message. `operation` is what "the same thing twice" means; `channel` is the full address. */
export const submitted = defineFact(
  'submitted',
  'client',
  {
    message: 'name',
    operation: 'name',
    key: 'name',
    sequence: 'int',
    version: 'int',
    service: 'name',
    channel: 'name',
    size: 'int',
  },
  '{node} sent {message} to {channel}',
)

/** A message was made from another one; a join has several of these. */
export const derived = defineFact(
  'derived',
  'client',
  { message: 'name', parent: 'name' },
  '{message} was made from {parent}',
)

/** What the producer was told in the end: `confirmed`, `assumed` (nobody was asked), `rejected`, or `unknown`. */
export const answered = defineFact(
  'answered',
  'client',
  { message: 'name', service: 'name', outcome: 'name', reason: 'name' },
  '{node} took {message} as {outcome}',
)

/** A consumer's program was handed a message. `attempt` counts the deliveries of this message to this service from 1. */
export const delivered = defineFact(
  'delivered',
  'client',
  {
    message: 'name',
    service: 'name',
    channel: 'name',
    partition: 'name',
    position: 'int',
    attempt: 'int',
    redelivered: 'flag',
  },
  '{node} was handed {message} (attempt {attempt})',
)

/** The handler came to its end without an error that it let out. */
export const handled = defineFact(
  'handled',
  'client',
  { message: 'name', service: 'name', attempt: 'int' },
  '{node} finished {message}',
)

/** The handler ended in an error; `swallowed` when the program went on as if it had not. */
export const handlingFailed = defineFact(
  'handling-failed',
  'client',
  { message: 'name', service: 'name', attempt: 'int', reason: 'name', swallowed: 'flag' },
  '{node} failed to handle {message}: {reason}',
)

/** The consumer told the system that it is done with a message. Whether the system heard it is another question. */
export const acknowledged = defineFact(
  'acknowledged',
  'client',
  { message: 'name', service: 'name', attempt: 'int' },
  '{node} acknowledged {message}',
)

/** A handler began its n-th operation (`step`, from 1) for a message. Recorded only where somebody listens, as faults do that strike there. */
export const operationBegan = defineFact(
  'operation-began',
  'client',
  { message: 'name', service: 'name', attempt: 'int', operation: 'name', step: 'int' },
  '{node} began to {operation} for {message}',
)

/** The answer to an operation is there. Recorded only where somebody listens. */
export const operationAnswered = defineFact(
  'operation-answered',
  'client',
  { message: 'name', service: 'name', attempt: 'int', operation: 'name', step: 'int' },
  '{node} has its answer to {operation} for {message}',
)

/** A line of the log of code of a user. */
export const logged = defineFact(
  'logged',
  'client',
  { service: 'name', message: 'name', attempt: 'int', text: 'name' },
  '{node} logged: {text}',
)

/** An effect became part of a store (or happened at once, where a service has no store). */
export const effectApplied = defineFact(
  'effect-applied',
  'store',
  {
    message: 'name',
    operation: 'name',
    effect: 'name',
    service: 'name',
    store: 'name',
    consumer: 'name',
    attempt: 'int',
    key: 'name',
    version: 'int',
    value: 'int',
  },
  '{consumer} applied {message} to {store}',
)

/** A handler decided, or a store arbitrated, that an effect was not to happen. */
export const effectSkipped = defineFact(
  'effect-skipped',
  'store',
  { message: 'name', operation: 'name', effect: 'name', service: 'name', attempt: 'int', reason: 'name' },
  '{node} left {message} out: {reason}',
)

/** Effects that a store had told somebody about and then lost (a failover of asynchronous replicas). */
export const effectUndone = defineFact(
  'effect-undone',
  'store',
  { message: 'name', operation: 'name', effect: 'name', service: 'name', store: 'name' },
  '{store} lost the effect of {message}',
)

/** A copy of a message came into a place of a system. Copies are numbered per run. */
export const copyStored = defineFact(
  'copy-stored',
  'broker',
  { copy: 'int', message: 'name', place: 'name' },
  '{node} put {message} into {place}',
)

/** A copy left its place: `acknowledged`, `dead-lettered`, `expired`, `dropped`, `moved`, `delivered` (to nobody's account), `lost`. */
export const copyEnded = defineFact(
  'copy-ended',
  'broker',
  { copy: 'int', message: 'name', place: 'name', fate: 'name', reason: 'name' },
  '{message} left {place}: {fate} ({reason})',
)

/** A copy that was still in its place when the run ended. */
export const copyRemained = defineFact(
  'copy-remained',
  'broker',
  { copy: 'int', message: 'name', place: 'name', state: 'name' },
  '{message} was still in {place} ({state})',
)

/** A rule of the machine, which docs/machine.md describes. */
function machineRule(statement: string): FactRule {
  return { statement, evidence: 'defined', page: 'docs/machine.md' }
}

export const nodeStarted = defineFact('node-started', 'node', { incarnation: 'int' }, '{node} started')
export const nodeCrashed = defineFact(
  'node-crashed',
  'node',
  { incarnation: 'int' },
  '{node} crashed',
  machineRule('A process that dies loses its memory, keeps what it wrote, and its peers see their connections reset.'),
)
export const nodeLostPower = defineFact(
  'node-lost-power',
  'node',
  { incarnation: 'int' },
  '{node} lost power',
  machineRule('A host that loses its power loses what its disk did not have yet, and its peers hear nothing.'),
)
export const nodeStopped = defineFact(
  'node-stopped',
  'node',
  { incarnation: 'int' },
  '{node} stopped',
  machineRule('A process that is stopped ends what it can end in order, and loses its memory.'),
)
export const nodePaused = defineFact(
  'node-paused',
  'node',
  { incarnation: 'int' },
  '{node} froze',
  machineRule(
    'A frozen process does nothing and notices nothing: time goes on, and afterwards it goes on where it was.',
  ),
)
export const nodeResumed = defineFact(
  'node-resumed',
  'node',
  { incarnation: 'int', paused: 'micros' },
  '{node} went on',
)

/** A fault of the schedule took hold. `fault` is its place in the schedule. */
export const faultStruck = defineFact(
  'fault-struck',
  'fault',
  { fault: 'int', action: 'name', target: 'name' },
  '{action} struck {target}',
)
export const faultEnded = defineFact(
  'fault-ended',
  'fault',
  { fault: 'int', action: 'name', target: 'name' },
  '{action} of {target} ended',
)
/** The anchor of a fault was never reached, or its target did not exist then: the run is stale. */
export const faultMissed = defineFact(
  'fault-missed',
  'fault',
  { fault: 'int', action: 'name', reason: 'name' },
  '{action} never struck: {reason}',
)

export const packetSent = defineFact(
  'packet-sent',
  'network',
  { packet: 'int', to: 'name', bytes: 'int', about: 'name' },
  '{node} sent {about} to {to}',
)
export const packetArrived = defineFact(
  'packet-arrived',
  'network',
  { packet: 'int', from: 'name', about: 'name' },
  '{about} from {from} reached {node}',
)
export const packetLost = defineFact(
  'packet-lost',
  'network',
  { packet: 'int', to: 'name', about: 'name', reason: 'name' },
  '{about} from {node} to {to} was lost: {reason}',
)
export const connectionOpened = defineFact(
  'connection-opened',
  'network',
  { connection: 'int', peer: 'name' },
  '{node} connected to {peer}',
)
export const connectionClosed = defineFact(
  'connection-closed',
  'network',
  { connection: 'int', peer: 'name', reason: 'name' },
  '{node} lost its connection to {peer}: {reason}',
)

/** The end of a run: `settled`, `stuck`, `bound` or `stopped`, and what it was waiting for. */
export const runEnded = defineFact(
  'run-ended',
  'run',
  { ending: 'name', waitingFor: 'name' },
  'the run ended: {ending}',
)

export const neutralFacts = [
  submitted,
  derived,
  answered,
  delivered,
  handled,
  handlingFailed,
  acknowledged,
  operationBegan,
  operationAnswered,
  logged,
  effectApplied,
  effectSkipped,
  effectUndone,
  copyStored,
  copyEnded,
  copyRemained,
  nodeStarted,
  nodeCrashed,
  nodeLostPower,
  nodeStopped,
  nodePaused,
  nodeResumed,
  faultStruck,
  faultEnded,
  faultMissed,
  packetSent,
  packetArrived,
  packetLost,
  connectionOpened,
  connectionClosed,
  runEnded,
] as const

/** Any of the neutral facts; `switch (fact.kind)` narrows it. */
export type NeutralFact = FactOfEach<(typeof neutralFacts)[number]>

type FactOfEach<K> = K extends FactKind ? FactOf<K> : never
