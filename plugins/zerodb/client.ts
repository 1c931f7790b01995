// What other plugins use of the server and of sync; `serverClient` of the index imports this file.

export { checkedName } from './server/names.ts'
export { withProblems } from './server/transaction.ts'
export { ask } from './sync/ask.ts'
export { withSyncLock } from './sync/lock.ts'
export { readServer } from './sync/pull.ts'
export { sessionOf } from './sync/registers.ts'
export { connected, signs } from './sync/run.ts'
export { sync } from './sync/sync.ts'
