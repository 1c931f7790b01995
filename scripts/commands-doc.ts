import fs from 'node:fs'
import { loadCommand } from 'ainative-code'
import { commandPage, renderPage } from '../core/command/help.ts'
import { loadHost } from '../core/loading/load-host.ts'
import { overview, sortCommands } from '../plugins/help/overview.ts'
import { errorsPage } from './errors-doc.ts'
import { manPage } from './man.ts'

// Writes docs/commands.md, docs/errors.md and the manual page: `npm run docs`.
// The config folder does not exist, so that the user's config does not change the result.
const host = await loadHost({ XDG_CONFIG_HOME: '/nonexistent' }, { plugins: false, quiet: true })
const plain = { width: Number.POSITIVE_INFINITY, color: false }
const commands = await Promise.all(
  sortCommands(host.commands().all()).map(async (entry) => ({ name: entry.name, page: commandPage(await loadCommand(entry), entry) })),
)
const sections = commands.map(({ name, page }) => `## ${name}\n\n\`\`\`text\n${renderPage(page, plain).trimEnd()}\n\`\`\`\n`)
const write = (file: string, text: string) => fs.writeFileSync(new URL(`../${file}`, import.meta.url), text)
write('docs/commands.md', `# Commands\n\nThe output of \`ainative-code help <command>\`.\n\n${sections.join('\n')}`)
write('docs/errors.md', errorsPage())
fs.mkdirSync(new URL('../man', import.meta.url), { recursive: true })
write('man/ainative-code.1', manPage(await overview(host), commands))
