export { searchSessions } from './command.ts'
