export { chat } from './chat.ts'
export { create, edit, list, show } from './template/commands.ts'
