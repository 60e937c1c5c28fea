import type { Node } from './node.ts'
import type { Random } from './random.ts'

/** Finds the nodes that play a role now: `leader(events/orders/0)` asks the role `leader` with the argument `events/orders/0`. */
export type Role = (argument: string) => readonly string[]

interface TargetExpression {
  readonly any: boolean
  readonly ordinal: number | undefined
  readonly name: string
  readonly argument: string | undefined
}

/**
 * What faults can strike: nodes by name, groups by the name of their service or system, zones, and roles that change hands.
 * `any consumer` is one of them, `consumer 2` the second.
 */
export class Targets {
  readonly #nodes = new Map<string, Node>()
  readonly #groups = new Map<string, string[]>()
  readonly #roles = new Map<string, Role>()

  addNode(node: Node): void {
    this.#nodes.set(node.name, node)
  }

  /** Makes `group` mean these nodes, besides those that it already means. */
  addToGroup(group: string, nodes: readonly string[]): void {
    this.#groups.set(group, [...(this.#groups.get(group) ?? []), ...nodes])
  }

  /** Adds whom a role means; where several systems know the role, it means all that they find. */
  addRole(name: string, role: Role): void {
    const known = this.#roles.get(name)
    this.#roles.set(name, known === undefined ? role : (argument) => [...known(argument), ...role(argument)])
  }

  node(name: string): Node | undefined {
    return this.#nodes.get(name)
  }

  /** The nodes that `expression` means now; none when nobody plays the role. */
  resolve(expression: string, random: Random): readonly Node[] {
    const nodes = this.every(expression)
    return parseTarget(expression).any && nodes.length > 1 ? [random.pick(nodes)] : nodes
  }

  /** The nodes that `expression` may mean now: for `any consumer`, all of them. */
  every(expression: string): readonly Node[] {
    const target = parseTarget(expression)
    const nodes = this.#named(target).flatMap((name) => this.#nodes.get(name) ?? [])
    return target.ordinal === undefined ? nodes : nodes.slice(target.ordinal - 1, target.ordinal)
  }

  /** Every name that can be meant, to suggest one; `undefined` when the expression can mean something. */
  unknown(expression: string): readonly string[] | undefined {
    const { name, argument, ordinal } = parseTarget(expression)
    const known =
      argument === undefined ? [...this.#nodes.keys(), ...this.#groups.keys()] : [...this.#roles.keys(), 'zone']
    if (!known.includes(name)) return known
    const members = this.#groups.get(name) ?? [name]
    return ordinal !== undefined && argument === undefined && ordinal > members.length ? members : undefined
  }

  #named({ name, argument }: TargetExpression): readonly string[] {
    if (argument === undefined) return this.#nodes.has(name) ? [name] : (this.#groups.get(name) ?? [])
    if (name === 'zone')
      return [...this.#nodes.values()].filter((node) => node.zone === argument).map((node) => node.name)
    return this.#roles.get(name)?.(argument) ?? []
  }
}

function parseTarget(expression: string): TargetExpression {
  const [, any, name = expression, argument, ordinal] =
    /^(any\s+)?([^\s()]+)(?:\(([^)]*)\))?(?:\s+(\d+))?$/.exec(expression.trim()) ?? []
  return { any: any !== undefined, name, argument, ordinal: ordinal === undefined ? undefined : Number(ordinal) }
}
