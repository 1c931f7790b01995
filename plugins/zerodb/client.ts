// What other plugins use of the server and of sync; `serverClient` of the index imports this file.

export { checkedName } from './server/names.ts'
export { ask } from './sync/ask.ts'
export { readBody } from './sync/local.ts'
export { readServer } from './sync/pull.ts'
export { type Registers, sessionOf } from './sync/registers.ts'
export { connected, locked, signs } from './sync/run.ts'
export { sync } from './sync/sync.ts'
