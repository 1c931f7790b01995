export { list } from './list.ts'
export { create } from './new.ts'
