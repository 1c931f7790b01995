export { processIo } from './io.ts'
export { load } from './load.ts'
export { execute } from './run.ts'
