/** Virtual time downwards: where something happens there is room, where nothing does the axis is folded. */
export interface TimeScale {
  /** Where a time lies, in pixels from the top. */
  y(micros: number): number
  readonly height: number
  /** Where time was folded, and how much of it. */
  readonly folds: readonly Fold[]
  /** Times that are worth a label on the axis, far enough apart to be read. */
  readonly ticks: readonly number[]
}

export interface Fold {
  readonly y: number
  readonly micros: number
}

/** So much room a distance in time gets, µs to pixels; the longest ones are folds. */
const rooms: readonly (readonly [below: number, pixels: number])[] = [
  [1, 0],
  [60, 9],
  [600, 15],
  [6_000, 21],
  [60_000, 27],
  [600_000, 34],
]
const foldRoom = 46
const tickRoom = 15

/** A scale on which all of these moments can be told apart. `closeness` below 1 makes it denser. */
export function timeScale(moments: readonly number[], top: number, closeness = 1): TimeScale {
  const times = [...new Set(moments)].toSorted((one, other) => one - other)
  const places = new Map<number, number>()
  const folds: Fold[] = []
  const ticks: number[] = []
  let y = top
  let lastTick = -Infinity
  for (const [index, time] of times.entries()) {
    const gap = index === 0 ? 0 : time - (times[index - 1] ?? time)
    const room = Math.round(roomOf(gap) * (isFold(gap) ? 1 : closeness))
    if (isFold(gap)) folds.push({ y: y + room / 2, micros: gap })
    y += room
    places.set(time, y)
    if (y - lastTick >= tickRoom) {
      ticks.push(time)
      lastTick = y
    }
  }
  return { y: (micros) => places.get(micros) ?? between(micros, times, places, top), height: y, folds, ticks }
}

function roomOf(gap: number): number {
  return rooms.find(([below]) => gap < below)?.[1] ?? foldRoom
}

function isFold(gap: number): boolean {
  return gap >= (rooms.at(-1)?.[0] ?? 0)
}

/** A time that is no moment of the scale lies between those around it; one inside a fold, in its middle. */
function between(micros: number, times: readonly number[], places: ReadonlyMap<number, number>, top: number): number {
  const later = times.findIndex((time) => time > micros)
  const after = later < 0 ? times.at(-1) : times[later]
  const before = later < 0 ? times.at(-1) : times[later - 1]
  if (after === undefined) return top
  const bottom = places.get(after) ?? top
  if (before === undefined || before === after) return bottom
  const start = places.get(before) ?? top
  if (isFold(after - before)) return (start + bottom) / 2
  return start + ((bottom - start) * (micros - before)) / (after - before)
}
