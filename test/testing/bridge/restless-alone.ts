/** The same in a process of its own; prints the fingerprint. */
import { restless } from './restless.ts'

console.log(await restless('elsewhere'))
