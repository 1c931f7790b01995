import { type CommandEntry, definePlugin } from 'ainative-code'

type Load = Extract<CommandEntry, { load: unknown }>['load']

const COMMANDS: [name: string, summary: string, load: Load][] = [
  ['show', 'Show the settings in force', async () => (await import('./show.ts')).show],
  ['get', 'Show a setting of your own config', async () => (await import('./get.ts')).get],
  ['set', 'Change a setting of your own config', async () => (await import('./set.ts')).set],
  ['unset', 'Remove a setting from your own config', async () => (await import('./unset.ts')).unset],
  ['edit', 'Change your own config in $EDITOR', async () => (await import('./edit.ts')).edit],
  ['path', 'Show where settings and data lie', async () => (await import('./path.ts')).path],
]

/** The commands over the config. */
export default definePlugin({
  name: 'config',
  requires: ['sqlite'],
  apply({ hooks }) {
    hooks.commands.tap('config', ({ add }) => {
      for (const [verb, summary, load] of COMMANDS) add({ name: `config ${verb}`, tolerant: true, summary, group: 'Configuration', load })
    })
    hooks.completers.tap('config', ({ add }) => {
      add({ name: 'setting', values: async (host) => (await import('./complete.ts')).settingNames(host) })
      add({
        name: 'setting-value',
        values: async (host, text, _, [key = '']) => (await import('./complete.ts')).settingValues(host, key, text),
      })
    })
  },
})
