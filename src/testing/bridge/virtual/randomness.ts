import crypto from 'node:crypto'
import type { Random } from '../../../simulation/random.ts'
import type { Replacement } from './patch.ts'
import { patch } from './patch.ts'

/** `Math.random` and the random numbers of `node:crypto` and Web Crypto, drawn from the streams of the scenario. */
export function patchRandomness(): void {
  patch(Math, 'random', ({ random }) => random.next())
  patch(crypto, 'randomUUID', ({ random }) => uuid(random))
  patch(crypto, 'randomInt', (scope, args) => randomInt(scope.random, args))
  for (const name of ['randomBytes', 'pseudoRandomBytes', 'rng', 'prng'])
    patch(crypto, name, ({ random }, [size, callback], call) => {
      if (typeof size !== 'number' || !(size >= 0 && size < 2 ** 31)) return call.real(size, callback)
      return answer(filled(random, Buffer.alloc(size)), callback)
    })
  for (const name of ['randomFillSync', 'randomFill']) patch(crypto, name, fill)
  const web = Reflect.getPrototypeOf(crypto.webcrypto) ?? crypto.webcrypto
  patch(web, 'randomUUID', ({ random }) => uuid(random))
  patch(web, 'getRandomValues', ({ random }, [view], call) => {
    // What is no array of whole numbers is refused by the real function, in its own words.
    if (!isWholeNumbers(view) || view.byteLength > 65_536) return call.real(view)
    filled(random, bytesOf(view))
    return view
  })
}

const fill: Replacement = ({ random }, args, call) => {
  const [target] = args
  const callback = args.find((arg) => typeof arg === 'function')
  const numbers = args.slice(1).filter((arg): arg is number => typeof arg === 'number')
  if (!ArrayBuffer.isView(target) && !(target instanceof ArrayBuffer)) return call.real(...args)
  const elementBytes =
    ArrayBuffer.isView(target) && 'BYTES_PER_ELEMENT' in target ? Number(target.BYTES_PER_ELEMENT) : 1
  const from = (numbers[0] ?? 0) * elementBytes
  const bytes = bytesOf(target)
  const to = numbers[1] === undefined ? bytes.length : from + numbers[1] * elementBytes
  if (from < 0 || to > bytes.length) return call.real(...args)
  filled(random, bytes.subarray(from, to))
  return answer(target, callback)
}

/** Node's functions return, or call back later, as they are asked. */
function answer(value: unknown, callback: unknown): unknown {
  if (typeof callback !== 'function') return value
  process.nextTick(callback as (error: null, value: unknown) => void, null, value)
  return undefined
}

function randomInt(random: Random, args: readonly unknown[]): unknown {
  const numbers = args.filter((arg) => typeof arg === 'number')
  const [low, high] = numbers.length > 1 ? [Number(numbers[0]), Number(numbers[1])] : [0, Number(numbers[0])]
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high <= low)
    throw new RangeError(`The value of "max" is out of range. It must be greater than the value of "min" (${low}).`)
  return answer(
    low + Math.floor(random.next() * (high - low)),
    args.find((arg) => typeof arg === 'function'),
  )
}

function uuid(random: Random): string {
  const bytes = filled(random, Buffer.alloc(16))
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function filled<B extends Uint8Array>(random: Random, bytes: B): B {
  for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(256)
  return bytes
}

function bytesOf(target: ArrayBufferView | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(target)
    ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
    : new Uint8Array(target)
}

function isWholeNumbers(value: unknown): value is ArrayBufferView {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView || value instanceof Float32Array || value instanceof Float64Array)
  )
}
