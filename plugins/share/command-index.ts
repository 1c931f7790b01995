export { clone } from './commands/clone.ts'
export { share } from './commands/share.ts'
export { shares } from './commands/shares.ts'
export { unshare } from './commands/unshare.ts'
