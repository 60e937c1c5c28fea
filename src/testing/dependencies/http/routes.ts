import { compile, match } from 'path-to-regexp'
import type { SimulatedApi } from './simulated-api.ts'

/** What a check declares: `{ 'POST https://api.example.com/charges/:id': ... }`. */
export type DeclaredApis = Readonly<Record<string, SimulatedApi>>

export interface Route {
  readonly name: string
  readonly method: string
  readonly url: string
  /** The store of the scenario that it is a part of. */
  readonly store: string
  readonly api: SimulatedApi
  /** The address of a call with these values at the places of the pattern. */
  address(params: Readonly<Record<string, string>>): string
  /** The values at the places of the pattern; nothing for another path. */
  params(path: string): Readonly<Record<string, string>> | undefined
  readonly origin: string
}

/** A declaration that says no method and address. */
class RouteError extends Error {
  override readonly name = 'RouteError'
}

export function routesOf(apis: DeclaredApis): readonly Route[] {
  return Object.entries(apis).map(([name, api]): Route => ({ ...routeOf(name), api }))
}

function routeOf(name: string): Omit<Route, 'api'> {
  const [, method = '', origin = '', path = ''] = /^([A-Za-z]+)\s+(https?:\/\/[^/\s]+)(\/\S*)?$/.exec(name) ?? []
  if (origin === '')
    throw new RouteError(
      `an API is named by its method and address, as in 'POST https://api.example.com/charges', not ${JSON.stringify(name)}`,
    )
  const matching = matcherOf(path === '' ? '/' : path, name)
  return {
    ...{ name, origin: origin.toLowerCase(), method: method.toUpperCase(), url: origin + path },
    store: storeNameOf(origin),
    address: (params) => origin + compile(path)(params),
    params: (given) => {
      const found = matching(given)
      if (found === false) return undefined
      return Object.fromEntries(Object.entries(found.params).map(([key, value]) => [key, String(value)]))
    },
  }
}

/** What is wrong with the name under which an API is declared; nothing where it is right. */
export function wrongApiName(name: string): string | undefined {
  try {
    routeOf(name)
    return undefined
  } catch (error) {
    if (error instanceof RouteError) return error.message
    throw error
  }
}

function matcherOf(path: string, name: string): ReturnType<typeof match> {
  try {
    return match(path)
  } catch (error) {
    throw new RouteError(`the path of ${JSON.stringify(name)} is no pattern`, { cause: error })
  }
}

/** The stores that a scenario needs for APIs: one for each origin, named after its host. */
export function storesOfApis(apis: DeclaredApis): readonly string[] {
  return [...new Set(routesOf(apis).map(({ store }) => store))]
}

function storeNameOf(origin: string): string {
  return origin
    .replace(/^https?:\/\//, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
}
