/** A chart as plain data: a vega-lite specification, and the same figures for those who read tables. */
export interface Chart {
  /** What it is called in files and links, in kebab-case. */
  readonly name: string
  readonly title: string
  /** One sentence for those who cannot see it. */
  readonly description: string
  /** A vega-lite specification. */
  readonly spec: Readonly<Record<string, unknown>>
  readonly table: ChartTable
}

export interface ChartTable {
  readonly heads: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** One line of a chart: a value at each moment; nothing where there was none to measure. */
export interface Line {
  readonly name: string
  readonly points: readonly { readonly micros: number; readonly value: number | undefined }[]
}

/** When a fault held, drawn behind the lines. One that was over at once has no width. */
export interface FaultBand {
  readonly label: string
  readonly fromMicros: number
  readonly toMicros: number
}

/** Several lines over the time of a run. */
export interface LineChart {
  readonly name: string
  readonly title: string
  readonly description: string
  /** The title of the vertical axis, with its unit. */
  readonly axis: string
  readonly lines: readonly Line[]
  readonly bands: readonly FaultBand[]
  /** Where the time axis ends, µs: the same for all charts of a run. */
  readonly untilMicros: number
  /** `stepped` for counts that hold until they change. */
  readonly shape: 'straight' | 'stepped'
  /** Whether values are whole numbers. */
  readonly whole: boolean
  /** Equal distances for equal factors, where values lie far apart. */
  readonly logarithmic: boolean
}
