export { backup, restoreBackup } from './on-demand.ts'
