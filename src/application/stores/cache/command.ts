import type { Micros } from '../../../simulation/duration.ts'
import type { Data } from './data.ts'

/** What a client asks of the cache. `lives`: how long from now on; nothing for ever. */
export type Command =
  | { readonly kind: 'get' | 'delete'; readonly key: string }
  | {
      readonly kind: 'set'
      readonly key: string
      readonly value: string
      readonly lives: Micros | undefined
      /** Only if there is no such key. */
      readonly ifAbsent: boolean
    }
  | { readonly kind: 'expire'; readonly key: string; readonly lives: Micros }
  /** A set has one time to live for all its members. */
  | { readonly kind: 'add' | 'has'; readonly key: string; readonly member: string }

/** `value`: what a `get` found. `done`: whether it changed anything, or whether `has` found the member. */
export type CommandResult =
  | { readonly kind: 'value'; readonly value: string | undefined }
  | { readonly kind: 'done'; readonly done: boolean }

/** A change as replicas and logs get it: times to live are points in time. */
export type Change =
  /** The key holds this from here on, whatever it held before. */
  | { readonly kind: 'put'; readonly key: string; readonly data: Data; readonly until: Micros | undefined }
  | { readonly kind: 'set'; readonly key: string; readonly value: string; readonly until: Micros | undefined }
  | { readonly kind: 'add'; readonly key: string; readonly member: string }
  | { readonly kind: 'expire'; readonly key: string; readonly until: Micros }
  | { readonly kind: 'delete'; readonly key: string }
