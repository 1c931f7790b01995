export { pick } from './command.ts'
