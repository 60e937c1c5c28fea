import { timeText } from '../checks/saying.ts'

/*
 * Numbers for people, the same on every machine: rounded for reading, never for computing.
 */

/** The space between a number and its unit. */
export const unbreakable = '\u00a0'

/** A length of time: `950 µs`, `1.23 ms`, `1.5 s`, `2 min 30 s`. */
export function durationText(micros: number): string {
  const size = Math.abs(micros)
  if (size < 1_000) return `${trimmed(micros.toFixed(0))}${unbreakable}µs`
  if (size < 999_500) return `${threeDigits(micros / 1_000)}${unbreakable}ms`
  if (size < 59_950_000) return `${threeDigits(micros / 1_000_000)}${unbreakable}s`
  const sign = micros < 0 ? '-' : ''
  const seconds = Math.round(size / 1_000_000)
  const parts = [
    part(Math.floor(seconds / 3600), 'h'),
    part(Math.floor(seconds / 60) % 60, 'min'),
    part(seconds % 60, 's'),
  ]
  return sign + parts.filter((text) => text !== '').join(unbreakable)
}

/** A moment of a run in seconds, with as many digits as the sentences of the checks: `1.204 s`, `0.204512 s`. */
export function momentText(micros: number): string {
  return timeText(micros).replaceAll(' ', unbreakable)
}

/** A whole number with its thousands apart: `12,345`. */
export function countText(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 message`, `2 messages`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}

export function rateText(perSecond: number): string {
  return `${perSecond >= 1000 ? countText(perSecond) : threeDigits(perSecond)}/s`
}

export function shareText(share: number): string {
  return `${threeDigits(share * 100)}${unbreakable}%`
}

/** Bytes: `512 B`, `1.5 KiB`. */
export function sizeText(bytes: number): string {
  if (Math.abs(bytes) < 1024) return `${threeDigits(bytes)}${unbreakable}B`
  if (Math.abs(bytes) < 1_048_576) return `${threeDigits(bytes / 1024)}${unbreakable}KiB`
  return `${threeDigits(bytes / 1_048_576)}${unbreakable}MiB`
}

/** A number with three digits that count, and all the digits before its point. */
export function threeDigits(value: number): string {
  const size = Math.abs(value)
  return trimmed(value.toFixed(size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0))
}

function trimmed(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
}

function part(count: number, unit: string): string {
  return count === 0 ? '' : `${count}${unbreakable}${unit}`
}
