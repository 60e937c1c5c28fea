/** The keys of a server at one moment. It never changes. */
export interface Snapshot {
  /** Of the file that carries it, roughly. */
  readonly bytes: number
  readonly keys: number
}
