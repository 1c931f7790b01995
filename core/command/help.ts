import { styleText } from 'node:util'
import wrapAnsi from 'wrap-ansi'
import type { Field } from '../contract/field.ts'
import type { AnyCommand, CommandEntry } from '../contract/host.ts'
import type { View } from '../contract/view.ts'
import { oneLine } from '../output/cells.ts'
import { COMMON, isPositional } from './argv.ts'
import { fieldsOf } from './command-fields.ts'
import { hasHeader, NARROW_FLAGS } from './projection-flags.ts'

/** A name and what is said of it. */
export interface HelpRow {
  name: string
  about: string
}

export interface HelpSection {
  title: string
  rows: HelpRow[]
  /** Columns for the names; without it, as many as the longest one takes. */
  names?: number
}

/** Help for one command, or for several. Paragraphs, and sections of rows. */
export interface HelpPage {
  summary?: string
  usage: string
  text?: string[]
  sections: HelpSection[]
  examples?: readonly string[]
  end?: string[]
}

const aboutOf = (field: Pick<Field, 'description' | 'choices' | 'kind' | 'default'>) => {
  const about = [field.description]
  if (field.choices) about.push(`(${field.choices.join(', ')})`)
  if (field.kind === 'list') about.push('(repeatable)')
  if (field.kind === 'value' && field.default !== undefined) about.push(`(default: ${field.default})`)
  return about.filter(Boolean).join(' ')
}

const flagName = ({ alias, flag, kind, value }: Pick<Field, 'alias' | 'flag' | 'kind' | 'value'>) =>
  `${alias ? `-${alias}, ` : '    '}${flag}${kind === 'switch' ? '' : ` <${value}>`}`

/** One command's usage, its flags and examples, all from its schema. */
export function commandPage(command: AnyCommand, { aliases }: Pick<CommandEntry, 'aliases'>): HelpPage {
  const fields = fieldsOf(command)
  const words = (command.args ?? []).flatMap((key) => fields.filter((field) => field.key === key))
  const usage = words.map((field) =>
    field.kind === 'list' ? `[${field.value}...]` : field.required ? `<${field.value}>` : `[${field.value}]`,
  )
  const flags = fields.filter((field) => !isPositional(command, field))
  const rows = flags.map((field) => ({
    name: flagName(field),
    about: field.required ? `${aboutOf(field)} (required)` : aboutOf(field),
  }))
  const described = words.filter((field) => field.description || field.choices)
  return {
    summary: command.summary,
    usage: `ainative-code ${[command.name, ...usage].join(' ')}${flags.length ? ' [flags]' : ''}`,
    ...(aliases?.length && { text: [`Aliases: ${aliases.join(', ')}`] }),
    sections: [
      ...(described.length > 0
        ? [{ title: 'Arguments', rows: described.map((field) => ({ name: field.value, about: aboutOf(field) })) }]
        : []),
      { title: 'Flags', rows: [...rows, ...outputRows(command)] },
    ],
    ...(command.examples && { examples: command.examples }),
  }
}

/** The flags of every command that say how its result is written. */
function outputRows(command: AnyCommand): HelpRow[] {
  const { formats } = command
  const format: HelpRow = { name: '    --format <name>', about: formats?.join(', ') ?? '' }
  const narrow = NARROW_FLAGS.filter(({ key }) => key !== 'header' || hasHeader(command))
  return [...(formats ? [format] : []), ...COMMON.filter(({ key }) => key === 'json').map(commonRow), ...narrow.map(commonRow)]
}

/** The flags about the result alone. */
const RESULT = new Set(['format', 'json', ...NARROW_FLAGS.map(({ key }) => key)])

/** The flags that may stand before a command, too. */
export const globalRows = (): HelpRow[] => COMMON.filter(({ key }) => !RESULT.has(key)).map(commonRow)

const commonRow = ({ flag, kind, value = '', description }: (typeof COMMON)[number]): HelpRow => ({
  name: flagName({ flag, kind, value }),
  about: description,
})

const WIDEST_NAME = 36
/** Where less is left beside the names, what is said of each stands below it. */
const NARROWEST = 30

/** A page as text that fits the width, with bold names. */
export function renderPage({ summary, usage, text = [], sections, examples, end = [] }: HelpPage, view: HelpView): string {
  const { width } = view
  const parts = [
    ...(summary ? [wrapLine(summary, width)] : []),
    wrapLine(`Usage: ${usage}`, width),
    ...text.map((line) => wrapLine(line, width)),
    ...sections.map((section) => `${wrapLine(`${section.title}:`, width)}\n${sectionLines(section, view)}`),
    ...(examples ? [`Examples:\n${examples.map((line) => wrapLine(line, width, 2)).join('\n')}`] : []),
    ...(end.length > 0 ? [end.map((line) => wrapLine(line, width)).join('\n')] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

type HelpView = Pick<View, 'width' | 'color'>

function sectionLines({ rows, names = Math.max(...rows.map(({ name }) => name.length)) }: HelpSection, { width, color }: HelpView): string {
  const bold = (text: string) => (color ? text.replace(/\S.*/g, (name) => styleText('bold', name, { validateStream: false })) : text)
  const left = Math.min(WIDEST_NAME, names)
  const row = ({ name, about }: HelpRow) => {
    if (width - left - 4 < NARROWEST)
      return [bold(wrapLine(name.trim(), width, 2)), ...(about ? [wrapLine(about, width, 4)] : [])].join('\n')
    return `  ${bold(oneLine(name))}${' '.repeat(Math.max(0, left - name.length))}  ${wrapLine(about, width, left + 4).trimStart()}`.trimEnd()
  }
  return rows.map(row).join('\n')
}

/** A line in lines of at most so many columns, each after this many blanks. */
function wrapLine(line: string, width: number, indent = 0): string {
  const text = oneLine(line)
  const wrapped = Number.isFinite(width) ? wrapAnsi(text, Math.max(width - indent, LEAST), { hard: true }) : text
  return wrapped.replace(/^(?=.)/gm, ' '.repeat(indent))
}

const LEAST = 8
