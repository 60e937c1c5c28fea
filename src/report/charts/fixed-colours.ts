import { lightDiagramColours } from '../diagram/diagram-styles.ts'
import { lightChartColours } from './palette.ts'

/** A picture with the colours of light instead of variables: for programs that know SVG, but neither variables nor the reader's machine. */
export function withFixedColours(svg: string): string {
  const declarations = `${lightChartColours};${lightDiagramColours}`.matchAll(/(--[\w-]+):([^;]+)/g)
  const colours = new Map([...declarations].map(([, name = '', value = '']) => [name, value]))
  return svg
    .replaceAll(/@media\s*\(prefers-color-scheme:\s*dark\)\s*\{svg\{[^}]*\}\}/g, '')
    .replaceAll(/var\((--[\w-]+)\)/g, (whole, name: string) => colours.get(name) ?? whole)
}
