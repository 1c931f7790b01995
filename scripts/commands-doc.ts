import fs from 'node:fs'
import { loadCommand } from 'ainative-code'
import { commandPage, renderPage } from '../core/help.ts'
import { load } from '../core/load.ts'
import { inOrder } from '../plugins/help/index.ts'

/** Writes docs/commands.md from the commands' own schemas: `npm run docs`. */
// Of no user's.
const host = await load({ XDG_CONFIG_HOME: '/nonexistent' }, { plugins: false, quiet: true })
const plain = { width: Number.POSITIVE_INFINITY, color: false }
const sections = await Promise.all(
  inOrder(host.commands().all()).map(async (entry) => {
    const text = renderPage(commandPage(await loadCommand(entry), entry), plain)
    return `## ${entry.name}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`
  }),
)
const text = `# Commands\n\nWhat \`ainative-code help <command>\` prints.\n\n${sections.join('\n')}`
fs.writeFileSync(new URL('../docs/commands.md', import.meta.url), text)
