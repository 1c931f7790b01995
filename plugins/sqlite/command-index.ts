export { backup, restoreBackup } from './opened.ts'
