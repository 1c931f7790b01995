export { stats } from './command.ts'
