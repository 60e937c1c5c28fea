import type { Scope } from '../scope.ts'
import { scopes } from '../scope.ts'

/** A function that stands in the place of one of the real world's. */
export type Replacement = (scope: Scope, args: readonly unknown[], call: Call) => unknown

/** The call as it was made: on what, and how the real function would answer. */
export interface Call {
  readonly self: unknown
  readonly real: (...args: readonly unknown[]) => unknown
}

/** Where a patched function keeps the one that it stands for, also for another copy of this package. */
const realOf = Symbol.for('onceproof/real/1')

/** The function as Node made it, whoever has patched it. */
export function real(patched: unknown): unknown {
  return typeof patched === 'function' ? (Reflect.get(patched, realOf) ?? patched) : patched
}

/** One function may be known by several names (`setTimeout` is a global and a function of a module); all of them get the same patch. */
const patches = new WeakMap<object, object>()

/**
 * Lets `replacement` answer calls of `owner[name]` that code of a user makes inside of a simulation. All others get what the function that is
 * there answers, and see no difference: name, length and properties are the same. Does nothing if it is in place already.
 */
export function patch(owner: object, name: PropertyKey, replacement: Replacement): void {
  const descriptor = descriptorOf(owner, name)
  const present: unknown = descriptor?.value
  if (descriptor?.configurable !== true || !isCallable(present)) return
  if (isOurs(present)) return
  Reflect.defineProperty(owner, name, { ...descriptor, value: patchOf(present, replacement) })
  made++
}

/** The same for what is read: a property that is a value or has a getter becomes one that asks `replacement`. */
export function patchReading(
  owner: object,
  name: PropertyKey,
  replacement: (scope: Scope, real: () => unknown) => unknown,
): void {
  const descriptor = descriptorOf(owner, name)
  if (descriptor?.configurable !== true || isOurs(descriptor.get)) return
  const { get, value, enumerable = false } = descriptor
  const read = function (this: unknown): unknown {
    const there = (): unknown => (get === undefined ? value : Reflect.apply(get, this, []))
    const scope = scopes.getStore()
    return scope === undefined ? there() : replacement(scope, there)
  }
  markAsOurs(read, get ?? read)
  const { set } = descriptor
  Reflect.defineProperty(owner, name, {
    configurable: true,
    enumerable,
    get: read,
    ...(set === undefined ? {} : { set }),
  })
  made++
}

let made = 0

/** How many times something was put in the place of another so far. */
export function patchesMade(): number {
  return made
}

function patchOf(found: Callable, replacement: Replacement): object {
  const known = patches.get(found)
  if (known !== undefined) return known
  // The patch of another copy of this package does the same: one is enough.
  const original = real(found)
  const present = isCallable(original) ? original : found
  const patched = function (this: unknown, ...args: readonly unknown[]): unknown {
    const scope = scopes.getStore()
    if (scope === undefined) return Reflect.apply(present, this, args)
    return replacement(scope, args, { self: this, real: (...others) => Reflect.apply(present, this, others) })
  }
  for (const key of Reflect.ownKeys(present)) {
    const property = Reflect.getOwnPropertyDescriptor(present, key)
    if (property !== undefined) Reflect.defineProperty(patched, key, property)
  }
  Reflect.defineProperty(patched, realOf, { value: present, configurable: true })
  patches.set(found, patched)
  ours.add(patched)
  return patched
}

type Callable = (...args: readonly unknown[]) => unknown

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function'
}

const ours = new WeakSet<object>()

/** Whether a function is a patch of this copy of the package. */
export function isOurs(value: unknown): boolean {
  return typeof value === 'function' && ours.has(value)
}

/** Marks something that was not made by {@link patch} as one of its kind. */
export function markAsOurs(patched: object, standsFor: object): void {
  Reflect.defineProperty(patched, realOf, { value: standsFor, configurable: true })
  ours.add(patched)
}

/** The property where it is defined: on the object, or on a prototype of it. */
export function descriptorOf(owner: object, name: PropertyKey): PropertyDescriptor | undefined {
  for (let at: object | null = owner; at !== null; at = Reflect.getPrototypeOf(at)) {
    const found = Reflect.getOwnPropertyDescriptor(at, name)
    if (found !== undefined) return found
  }
  return undefined
}
