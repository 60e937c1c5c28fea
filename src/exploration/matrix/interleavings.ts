/** Every way in which `first` operations of member 1 and `second` of member 2 can follow each other, member 1 beginning. */
export function* interleavings(first: number, second: number): Generator<readonly number[]> {
  // Both members do the same, so what begins with member 2 is what begins with member 1, with their names exchanged.
  if (first > 0) for (const rest of ordersOf(first - 1, second)) yield [1, ...rest]
}

function* ordersOf(first: number, second: number): Generator<readonly number[]> {
  if (first === 0 && second === 0) yield []
  if (first > 0) for (const rest of ordersOf(first - 1, second)) yield [1, ...rest]
  if (second > 0) for (const rest of ordersOf(first, second - 1)) yield [2, ...rest]
}
