export { backup } from './backup.ts'
export { restoreBackup } from './restore-backup.ts'
