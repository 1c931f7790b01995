export { history } from './history.ts'
export { shell } from './shell.ts'
