export { complete } from './complete.ts'
export { completion } from './completion.ts'
