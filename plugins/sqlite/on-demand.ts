// One lazy module for everything that needs an open database. Separate lazy modules would add two chunks of shared code to each start.
export { backup } from './backup.ts'
export { withProcessLock } from './process-lock.ts'
export { restoreBackup } from './restore-backup.ts'
export { openStore } from './store.ts'
