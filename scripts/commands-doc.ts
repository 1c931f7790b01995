import fs from 'node:fs'
import { commandHelp, loadCommand } from 'ainative-code'
import { load } from '../core/load.ts'

/** Writes docs/commands.md from the commands' own schemas: `npm run docs`. */
// Of no user's.
const host = await load({ XDG_CONFIG_HOME: '/nonexistent' }, { plugins: false, quiet: true })
const entries = host
  .commands()
  .all()
  .filter(({ hidden }) => !hidden)
const sections = await Promise.all(
  entries.map(async (entry) => `## ${entry.name}\n\n\`\`\`text\n${commandHelp(await loadCommand(entry), entry).trimEnd()}\n\`\`\`\n`),
)
const text = `# Commands\n\nWhat \`ainative-code help <command>\` prints.\n\n${sections.join('\n')}`
fs.writeFileSync(new URL('../docs/commands.md', import.meta.url), text)
