/** Further commands on streams, which the connection of a member has and a check does not: each says so when it is called. */
export class UnsimulatedCommands {
  xadd(_key: string, ..._others: readonly (string | number)[]): Promise<string | null> {
    return refused('xadd', 'is not simulated: declare the output, and send to it with the `send` of the tools')
  }

  xautoclaim(_key: string, ..._others: readonly (string | number)[]): Promise<[string, unknown[]]> {
    return refused('xautoclaim', 'is what the simulated member does by itself: `min-idle-time`')
  }

  xclaim(_key: string, ..._others: readonly (string | number)[]): Promise<unknown[]> {
    return refused('xclaim', 'is what the simulated member does by itself: `min-idle-time`, `keep-claimed`')
  }

  xdel(_key: string, ..._ids: readonly string[]): Promise<number> {
    return refused('xdel')
  }

  xgroup(_subcommand: string, ..._others: readonly (string | number)[]): Promise<unknown> {
    return refused('xgroup', 'is what the simulated member does by itself')
  }

  xlen(_key: string): Promise<number> {
    return refused('xlen')
  }

  xrange(_key: string, ..._others: readonly (string | number)[]): Promise<unknown[]> {
    return refused('xrange')
  }

  xreadgroup(..._arguments: readonly (string | number)[]): Promise<unknown[] | null> {
    return refused('xreadgroup', 'is what the simulated member does by itself')
  }

  xtrim(_key: string, ..._others: readonly (string | number)[]): Promise<number> {
    return refused('xtrim')
  }

  duplicate(): never {
    throw new Error(sentence('duplicate'))
  }

  multi(): never {
    throw new Error(sentence('multi'))
  }

  pipeline(): never {
    throw new Error(sentence('pipeline'))
  }
}

function refused(command: string, why?: string): Promise<never> {
  return Promise.reject(new Error(sentence(command, why)))
}

function sentence(
  command: string,
  why = 'is not simulated on this connection: for keys of the service, take `cache.client`',
): string {
  return `redis.${command} ${why}.`
}
