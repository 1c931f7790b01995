import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Adds the commands on the config, such as `config set`, and the completion of settings. */
export default definePlugin({
  name: 'config',
  requires: ['sqlite', 'providers'],
  apply({ hooks }) {
    hooks.commands.tap('config', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    hooks.completers.tap('config', ({ add }) => {
      add({ name: 'setting', values: async (host) => (await import('./complete.ts')).settingNames(host) })
      add({
        name: 'setting-value',
        values: async (host, text, _, [key = '']) => (await import('./complete.ts')).settingValues(host, key, text),
      })
    })
  },
})
