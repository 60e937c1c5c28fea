import { patch } from './patch.ts'

/** WebAssembly is compiled by threads of the engine, of which nobody else is told. It comes to the same every time, so it is waited for. */
export function patchCompiling(): void {
  const assembly: unknown = Reflect.get(globalThis, 'WebAssembly')
  if (typeof assembly !== 'object' || assembly === null) return
  for (const name of ['compile', 'instantiate'])
    patch(assembly, name, ({ user: { world } }, args, call) => {
      const compiling = call.real(...args)
      const done = (): void => void world.working--
      world.working++
      void Promise.resolve(compiling).then(done, done)
      return compiling
    })
}
