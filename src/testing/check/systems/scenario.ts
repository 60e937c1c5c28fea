import type { CheckedSystem } from './checked-system.ts'

/** The systems, services and stores of a scenario file; the code under test stands where one of its services would. */
export function scenario(
  file: string,
  { service, variant = '' }: { readonly service: string; readonly variant?: string },
): CheckedSystem {
  return { from: 'file', file, service, variant }
}
