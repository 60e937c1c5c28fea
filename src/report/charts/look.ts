import { gridColour, textColour } from './palette.ts'

/** The size of a chart, in pixels of its own. */
export const chartWidth = 720
export const chartHeight = 220

/** What all charts have in common: colours are variables of the page around them. */
export const chartConfig = {
  aria: false,
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: textColour,
    titleColor: textColour,
    gridColor: gridColour,
    domainColor: gridColour,
    tickColor: gridColour,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
  },
  legend: {
    labelColor: textColour,
    labelFontSize: 12,
    labelLimit: 260,
    orient: 'top',
    title: null,
    symbolSize: 90,
    symbolStrokeWidth: 2,
    columnPadding: 18,
  },
} as const
