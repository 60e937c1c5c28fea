/** Loaded by a handler while it runs. */
export const loaded = true
