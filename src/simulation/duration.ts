/** Virtual time and every duration of the machine: a whole number of microseconds, exact up to 285 years. */
export type Micros = number

export const millisecond: Micros = 1_000
export const second: Micros = 1_000_000
export const minute: Micros = 60 * second
export const hour: Micros = 60 * minute
