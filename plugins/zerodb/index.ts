import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Adds the commands of the sync server. */
export default definePlugin({
  name: 'zerodb',
  // Checked when the server is used: a mistake must not prevent commands such as session list.
  configPath: 'services.zerodb',
  blockSchema: async () => (await import('./settings.ts')).settingsSchema(),
  apply({ hooks }) {
    hooks.commands.tap('zerodb', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
  },
})
