declare module 'seedrandom/lib/tychei.js' {
  /** The Tyche-i generator of seedrandom, without the rest of the package. */
  export default function tychei(seed: string): () => number
}
