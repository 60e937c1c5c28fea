/** How far the groups of a cluster are, for the run's own account: what they committed, and what they chose not to read. */
export class GroupProgress {
  readonly #offsets = new Map<string, number>()

  /** Nobody of the group will read what is before this offset, unless the group goes back. */
  reached(group: string, topic: string, partition: number, offset: number): void {
    const key = `${group}/${topic}/${partition}`
    this.#offsets.set(key, Math.max(offset, this.offset(group, topic, partition)))
  }

  offset(group: string, topic: string, partition: number): number {
    return this.#offsets.get(`${group}/${topic}/${partition}`) ?? 0
  }
}
