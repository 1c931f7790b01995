import { commandHelp, commandsHelp, defineCommand, loadCommand, suggestion, usage } from 'ainative-code'
import * as z from 'zod'

export const help = defineCommand({
  name: 'help',
  summary: 'Tell about commands',
  args: ['command'],
  input: z.object({ command: z.array(z.string()).default([]) }),
  async run({ command: words }, { host }) {
    const entries = host.commands().all()
    const name = words.join(' ')
    if (!name || entries.some((entry) => entry.name.startsWith(`${name} `))) return commandsHelp(entries, name || undefined)
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
