/**
 * The patterns of a topic exchange, word by word: `*` stands for exactly one word, `#` for any number of words, none included. A look-up
 * visits only branches that the key can still take, so its cost depends on the key rather than on the number of patterns.
 */
export class TopicTrie<T> {
  readonly #root: TrieNode<T> = { next: new Map(), values: new Set() }

  add(pattern: string, value: T): void {
    let node = this.#root
    for (const word of wordsOf(pattern)) node = childOf(node, word)
    node.values.add(value)
  }

  /** Adds to `found` every value whose pattern matches the key. */
  collect(key: string, found: Set<T>): void {
    collectFrom(this.#root, wordsOf(key), 0, found)
  }
}

interface TrieNode<T> {
  readonly next: Map<string, TrieNode<T>>
  readonly values: Set<T>
}

/** The words of a key or pattern; the empty text has none. */
function wordsOf(key: string): readonly string[] {
  return key === '' ? [] : key.split('.')
}

function childOf<T>(node: TrieNode<T>, word: string): TrieNode<T> {
  const known = node.next.get(word)
  if (known !== undefined) return known
  const child: TrieNode<T> = { next: new Map(), values: new Set() }
  node.next.set(word, child)
  return child
}

function collectFrom<T>(node: TrieNode<T>, words: readonly string[], place: number, found: Set<T>): void {
  const many = node.next.get('#')
  if (many !== undefined) {
    for (let taken = place; taken <= words.length; taken++) collectFrom(many, words, taken, found)
  }
  const word = words[place]
  if (word === undefined) {
    for (const value of node.values) found.add(value)
    return
  }
  const [exact, any] = [word === '*' || word === '#' ? undefined : node.next.get(word), node.next.get('*')]
  if (exact !== undefined) collectFrom(exact, words, place + 1, found)
  if (any !== undefined) collectFrom(any, words, place + 1, found)
}
