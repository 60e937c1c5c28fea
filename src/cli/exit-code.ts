import type { Conclusion } from '../pipeline/conclusion.ts'

/** What the program says to whoever started it. The numbers above 2 are those of BSD's sysexits. */
export const exitCodes = {
  asExpected: 0,
  notAsExpected: 1,
  undecided: 2,
  wrongInput: 64,
  internalError: 70,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** One code for all runs: a broken expectation outweighs an undecided one. */
export function exitCodeOf(conclusions: readonly Conclusion[]): ExitCode {
  if (conclusions.includes('not-as-expected')) return exitCodes.notAsExpected
  return conclusions.includes('undecided') ? exitCodes.undecided : exitCodes.asExpected
}
