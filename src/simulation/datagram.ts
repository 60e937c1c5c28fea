import type { EventTarget } from './event-queue.ts'
import type { LinkStream } from './link.ts'
import type { Network } from './network.ts'
import type { Node } from './node.ts'

const datagramDue = 8

/** A single message that nobody sends again. */
export interface Datagram {
  readonly to: string
  readonly port: string
  readonly message: unknown
  readonly bytes: number
  readonly cause: number
}

/** Sends a datagram on its way: it arrives after its latency, twice, or never. */
export function sendDatagram(network: Network, from: Node, to: Node, datagram: Datagram, stream: LinkStream): void {
  const place = stream.nextPacket()
  const packet = { ...datagram, number: network.log.nextPacket(), about: datagram.port }
  network.log.sentFrom(from, to, packet)
  const departure = network.link(from, to).departure(network.engine.now, datagram.bytes) - network.engine.now
  const latency = stream.drawLatency()
  const lost = stream.drawLoss(place, 0) || !network.open(from, to)
  const arrive: EventTarget = {
    number: to.number,
    occur: (_code, survived) => {
      if (survived !== true || !to.powered || !network.open(from, to)) {
        network.log.lostFrom(from, to, packet, network.open(from, to) ? 'the packet was lost' : 'the network is cut')
        return
      }
      network.log.arrivedAt(to, from, packet)
      const handler = to.process.datagramHandler(datagram.port)
      if (handler === undefined) return
      to.process.input(datagram.bytes, { run: () => handler.handle(datagram.message, from.name) }, handler.lane)
    },
  }
  network.engine.scheduleFor(datagram.cause, departure + latency, arrive, datagramDue, !lost)
  if (lost || !stream.drawDuplication(place)) return
  const second = stream.drawLatencyOf(`duplicate/${place}`)
  network.engine.scheduleFor(datagram.cause, departure + second, arrive, datagramDue, true)
}
