import type { Run } from '../../run.ts'

const heads = [
  'scenario',
  'variant',
  'seed',
  'service',
  'guarantee',
  'level',
  'verdict',
  'expected',
  'met',
  'violations',
  'judged',
  'fingerprint',
]

/** Every verdict of every run as a table (RFC 4180): a line each, with a line of heads above. Empty where nobody expected anything. */
export function verdictsCsv(runs: readonly Run[]): string {
  const rows = runs.flatMap(({ scenario: { name, variant, seed }, fingerprint, rows: judged }) =>
    judged.map(({ service, guarantee, level, verdict, expected, met, violations, judged: count }) => [
      ...[name, variant, seed, service, guarantee, level, verdict, expected ?? '', String(met)],
      ...[String(violations), String(count), fingerprint],
    ]),
  )
  return [heads, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

/** Quoted where it must be. What a spreadsheet would take for a formula begins with an apostrophe. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
