import { type Field, fieldsOf, isPositional } from './argv.ts'
import type { AnyCommand, CommandEntry } from './command.ts'

const pad = (rows: [string, string][]) => {
  const width = Math.min(36, Math.max(0, ...rows.map(([left]) => left.length)))
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
  parts.push(`Flags:\n${pad(rows)}`)
  if (command.examples) parts.push(`Examples:\n${command.examples.map((line) => `  ${line}`).join('\n')}`)
  return `${parts.join('\n\n')}\n`
}

/** All commands, or those of one group, by name and summary. */
export function commandsHelp(entries: CommandEntry[], group?: string): string {
  const shown = entries.filter((entry) => !group || entry.name.startsWith(`${group} `))
  const rows = shown.map((entry): [string, string] => [entry.name, entry.summary]).sort(([a], [b]) => (a < b ? -1 : 1))
  const usage = `Usage: ainative-code ${group ?? '[--debug]'} <command> [words] [flags]`
  const more = group ? '' : '\nWithout a command it opens the shell; a line there that is no command is a JSONata query.\n'
  return `${usage}\n${more}\nCommands:\n${pad(rows)}\n\nainative-code help <command> tells more of one.\n`
}
