/*
 * Colours that people with any kind of colour vision can tell apart (Okabe and Ito), as CSS variables, so that a page decides between light
 * and dark. A line has a dash and a sign besides, so that no chart needs colours to be read.
 */

export const lineColours = [
  'var(--chart-1)',
  'var(--chart-2)',
  'var(--chart-3)',
  'var(--chart-4)',
  'var(--chart-5)',
] as const
export const lineDashes = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [4, 4],
] as const
export const lineSigns = ['circle', 'square', 'triangle-up', 'diamond', 'cross'] as const

export const textColour = 'var(--chart-text)'
export const gridColour = 'var(--chart-grid)'
export const faultColour = 'var(--chart-fault)'

/** The values of the variables in light. */
export const lightChartColours = `--chart-1:#0072b2;--chart-2:#d55e00;--chart-3:#009e73;--chart-4:#a8558a;--chart-5:#8a6d00;--chart-text:#3b4252;--chart-grid:#e3e6eb;--chart-fault:#b3261e`

/** The values of the variables in dark. */
export const darkChartColours = `--chart-1:#56b4e9;--chart-2:#e69f00;--chart-3:#2fc9a0;--chart-4:#e39cc5;--chart-5:#f0e442;--chart-text:#c3c9d4;--chart-grid:#333945;--chart-fault:#ff8a7a`
