/** Each start of a worker has an identifier of its own, as a new process has. */
export function workerIdentifier(node: string, incarnation: number): string {
  return `${node}#${incarnation}`
}

/** The node that a worker runs on. */
export function nodeOfWorker(identifier: string): string {
  return identifier.slice(0, identifier.lastIndexOf('#'))
}
