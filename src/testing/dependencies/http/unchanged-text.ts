/** Halves of characters, and a mark of the order of bytes at the beginning. */
const changing = /^\uFEFF|\p{Surrogate}/u

/** Whether a text is the same after it has travelled as bytes. */
export function isUnchanged(text: string): boolean {
  return !changing.test(text)
}
