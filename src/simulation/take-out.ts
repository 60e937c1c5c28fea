/** Takes an item out of a short list, if it is there; `splice` would make another list of what it took out. */
export function takeOut<T>(list: T[], item: T): void {
  const place = list.lastIndexOf(item)
  if (place < 0) return
  list.copyWithin(place, place + 1)
  list.pop()
}
