import { isPositional } from './argv.ts'
import type { AnyCommand, CommandEntry } from './command.ts'
import { type Field, fieldsOf } from './command-fields.ts'

const pad = (rows: [string, string][], least = 0) => {
  const width = Math.min(36, Math.max(least, ...rows.map(([left]) => left.length)))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n')
}

const note = (field: Field) => {
  const about = [field.description]
  if (field.choices) about.push(`(${field.choices.join(', ')})`)
  if (field.kind === 'list') about.push('(repeatable)')
  if (field.kind === 'value' && field.default !== undefined) about.push(`(default: ${field.default})`)
  return about.filter(Boolean).join(' ')
}

/** One command's usage, its flags and examples, all from its schema. */
export function commandHelp(command: AnyCommand, { aliases }: Pick<CommandEntry, 'aliases'>): string {
  const fields = fieldsOf(command)
  const words = (command.args ?? []).flatMap((key) => fields.filter((field) => field.key === key))
  const usage = words.map((field) =>
    field.kind === 'list' ? `[${field.value}...]` : field.required ? `<${field.value}>` : `[${field.value}]`,
  )
  const flags = fields.filter((field) => !isPositional(command, field))
  const rows = flags.map((field): [string, string] => [
    `${field.alias ? `-${field.alias}, ` : '    '}${field.flag}${field.kind === 'switch' ? '' : ` <${field.value}>`}`,
    field.required ? `${note(field)} (required)` : note(field),
  ])
  if (command.formats) rows.push(['    --format <name>', command.formats.join(', ')])
  rows.push(['    --json', 'The result as JSON'])
  const parts = [`${command.summary}\n\nUsage: ainative-code ${[command.name, ...usage].join(' ')}${flags.length ? ' [flags]' : ''}`]
  if (aliases?.length) parts.push(`Aliases: ${aliases.join(', ')}`)
  const told = words.filter((field) => field.description || field.choices)
  if (told.length > 0) parts.push(`Words:\n${pad(told.map((field) => [field.value, note(field)]))}`)
  parts.push(`Flags:\n${pad(rows)}`)
  if (command.examples) parts.push(`Examples:\n${command.examples.map((line) => `  ${line}`).join('\n')}`)
  return `${parts.join('\n\n')}\n`
}

/** All commands under the headings of their groups, or those that begin with one word, by name and summary. */
export function commandsHelp(entries: CommandEntry[], first?: string): string {
  const shown = entries.filter((entry) => !entry.hidden && (!first || entry.name.startsWith(`${first} `)))
  const usage = `Usage: ainative-code ${first ?? '[--debug] [--no-plugins]'} <command> [words] [flags]`
  const more = first ? '' : '\nWithout a command it opens the shell; a line there that is no command is a JSONata query.\n'
  const lists = first ? [`Commands:\n${pad(rowsOf(shown))}`] : groupsOf(shown)
  return `${usage}\n${more}\n${lists.join('\n\n')}\n\nainative-code help <command> tells more of one.\n`
}

const rowsOf = (entries: CommandEntry[]) =>
  entries.map((entry): [string, string] => [entry.name, entry.summary]).sort(([a], [b]) => (a < b ? -1 : 1))

/** A list for each group, all of one width. */
function groupsOf(entries: CommandEntry[]): string[] {
  const width = Math.max(...entries.map(({ name }) => name.length))
  const names = [...new Set(entries.map(({ group = 'Other' }) => group))]
  return names.map((name) => `${name}:\n${pad(rowsOf(entries.filter(({ group = 'Other' }) => group === name)), width)}`)
}
