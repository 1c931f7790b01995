// What needs an open database, as one module: split, the parts that the store and the commands share would be two more files of each start.
export { backup } from './backup.ts'
export { restoreBackup } from './restore.ts'
export { openStore } from './store.ts'
