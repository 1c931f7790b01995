import { commandHelp, commandsHelp, defineCommand, type Host, loadCommand, suggestion, usage } from 'ainative-code'
import * as z from 'zod'

export const help = defineCommand({
  name: 'help',
  summary: 'Tell about commands',
  writes: false,
  args: ['command'],
  input: z.object({ command: z.array(z.string()).default([]).meta({ complete: 'command' }) }),
  async run({ command: words }, { host }) {
    const entries = host.commands().all()
    const name = words.join(' ')
    if (!name) return `${commandsHelp(entries)}\n${registered(host)}`
    if (entries.some((entry) => entry.name.startsWith(`${name} `))) return commandsHelp(entries, name)
    const entry = host.commands().find(name)
    if (!entry)
      throw usage(
        `there is no command ${JSON.stringify(name)}`,
        suggestion(name, host.commands().names()) ?? 'ainative-code help lists all commands',
      )
    return commandHelp(await loadCommand(entry), entry)
  },
  print: (text) => text,
})

/** What else plugins add, by name. */
function registered(host: Host): string {
  const functions = host.functions().all()
  const lines = [`Formats: ${host.formats().names().join(', ')}`, `Providers: ${host.providers().names().join(', ')}`]
  if (functions.length > 0)
    lines.push('JSONata functions beside its own:', ...functions.map(({ name, summary = '' }) => `  $${name}  ${summary}`.trimEnd()))
  return `${lines.join('\n')}\n`
}
