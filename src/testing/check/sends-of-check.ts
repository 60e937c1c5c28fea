import type { ForwardsSpec, ServiceSpec } from '../../application/service.ts'
import type { MessageToSend, SentMessage } from './check.ts'
import type { DescribedSystem } from './systems/checked-system.ts'

/** What a check says of an output of its code, complete. */
export interface OutputOfCheck {
  readonly name: string
  /** Addresses inside the system: where it goes, and where whoever judges it receives. */
  readonly to: string
  readonly from: string
  /** Options of the producer that the code sends with. */
  readonly producer: Readonly<Record<string, unknown>>
  /** Whether what is sent here is set aside. */
  readonly parks: boolean
  /** What must hold of what comes out here, from whoever sends the messages of the check to whoever reads the output. */
  readonly guarantees: readonly string[]
  /** By what a reader recognises what it has read already; nothing where it takes each delivery as it comes. */
  readonly recognises: ((message: SentMessage) => unknown) | undefined
  /** Which operation of the check a message is about; nothing where the check does not say. */
  readonly about: ((message: MessageToSend) => unknown) | undefined
}

type Document = Readonly<Record<string, unknown>>

/** The service that reads an output, which nothing strikes. */
export function readerOf({ name }: Pick<OutputOfCheck, 'name'>): string {
  return `${name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')}-reader`
}

/** The services that read the outputs, as a scenario file has them. */
export function readersDocument(sends: readonly OutputOfCheck[], { product, outputs }: DescribedSystem): Document {
  const { reader: consumer } = outputs
  return Object.fromEntries(
    sends.map((output) => [
      readerOf(output),
      { receives: { from: `${product}/${output.from}` }, handling: { effect: 'read' }, consumer },
    ]),
  )
}

/** The outputs of the code, as a scenario file has them. */
export function forwardsDocument(sends: readonly OutputOfCheck[], { product }: DescribedSystem): readonly Document[] {
  return sends.map(({ name, to, producer }) => ({ to: `${product}/${to}`, name, producer }))
}

/** The code says by itself what it sends: nothing is sent for it. */
export function sendingByItself(service: ServiceSpec): ServiceSpec {
  return { ...service, forwards: service.forwards.map((forwards): ForwardsSpec => ({ ...forwards, count: 0 })) }
}

/** The options of the system with the topics and queues of the outputs, where the check does not say itself what there is. */
export function withPlaces({ options, outputs }: DescribedSystem, sends: readonly OutputOfCheck[]): Document {
  const places = [...new Set(sends.flatMap(({ to, from }) => [to, from]))].filter((place) => !place.includes('/'))
  const part = outputs.declaredAs
  const known = options[part]
  if (places.length === 0 || typeof known !== 'object' || known === null) return options
  const [first = {}] = Object.values(known)
  const isExchange = (place: string): boolean => isIn(options['exchanges'], place)
  const added = places
    .filter((place) => !isIn(known, place) && !isExchange(place))
    .map((place) => [place, outputs.place(place, first)] as const)
  return { ...options, [part]: { ...known, ...Object.fromEntries(added) } }
}

function isIn(map: unknown, name: string): boolean {
  return typeof map === 'object' && map !== null && name in map
}
