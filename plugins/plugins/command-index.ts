export { listPlugins } from './list.ts'
export { newPlugin } from './new.ts'
