/** Those commands of a union that may have this name. */
export type CommandOf<C, T> = C extends { readonly type: infer K } ? ([K & T] extends [never] ? never : C) : never
