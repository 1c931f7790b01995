import { defineCommand, type HelpPage, type Host, helpTexts, loadCommand, notFound, suggestion, usage } from 'ainative-code'
import * as z from 'zod'
import { groupPage, overview } from './overview.ts'

/** The command `help`. */
export const help = defineCommand({
  name: 'help',
  summary: 'Show help for a command',
  group: 'Shell',
  tolerant: true,
  writes: false,
  args: ['command'],
  input: z.object({ command: z.array(z.string()).default([]).meta({ complete: 'command' }) }),
  styled: true,
  run: ({ command: words }, { host }) => pageOf(host, words.join(' ')),
  print: async (page, view) => (await helpTexts()).renderPage(page, view),
})

async function pageOf(host: Host, name: string): Promise<HelpPage> {
  const entries = host.commands().all()
  if (!name) return overview(host)
  if (entries.some((entry) => entry.name.startsWith(`${name} `))) return groupPage(entries, name)
  const entry = host.commands().find(name)
  if (entry) return (await helpTexts()).commandPage(await loadCommand(entry), entry)
  throw usage(notFound('command', name), suggestion(name, host.commands().names()) ?? 'ainative-code help lists all commands')
}
