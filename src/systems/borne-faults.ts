/*
 * Kinds of faults by what they take away: claims name those that they bear. Each list holds what the one before it holds, and is in the order in which
 * people are told of it.
 */

/** Everything comes later. */
export const slowness = ['slow', 'slow-link', 'lossy-link'] as const

/** Somebody does nothing for a while, and has everything when it goes on. */
export const standstills = ['pause', ...slowness] as const

/** Connections break; nobody loses its memory. */
export const disconnections = [...standstills, 'partition', 'isolate', 'reset-connections'] as const

/** A process ends after it was told to, and with it its memory. */
export const orderlyEnds = ['restart', 'deploy', 'scale-in', ...disconnections] as const

/** A process ends anyhow. Hosts keep their power and disks their data. */
export const ends = ['crash', ...orderlyEnds] as const

/** A host loses its power; what is on its disk stays. */
export const outages = ['power-loss', ...ends] as const
