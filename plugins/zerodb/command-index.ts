export { sessionSync } from './commands/session-sync.ts'
