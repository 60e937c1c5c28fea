/** The versions whose differences the core knows. */
export const versions = ['7.0', '7.2', '7.4', '8.0', '8.2', '8.4', '8.6', '8.8'] as const

export type Version = (typeof versions)[number]

export function isAtLeast(version: Version, least: Version): boolean {
  return versions.indexOf(version) >= versions.indexOf(least)
}
