export { query } from './command.ts'
