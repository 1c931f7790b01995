export { list } from './commands/list.ts'
export { models } from './commands/models.ts'
export { setup } from './commands/setup.ts'
export { test } from './commands/test.ts'
