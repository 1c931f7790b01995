import { styleText } from 'node:util'
import wrapAnsi from 'wrap-ansi'
import type { Field } from '../contract/field.ts'
import type { AnyCommand, CommandEntry } from '../contract/host.ts'
import type { View } from '../contract/view.ts'
import { oneLine } from '../output/cells.ts'
import { COMMON_FLAGS, isPositional } from './argv.ts'
import { fieldsOf } from './command-fields.ts'
import { hasHeader, PROJECTION_FLAGS } from './projection-flags.ts'

/** A row of a help section: a name and its description. */
export interface HelpRow {
  name: string
  about: string
}

/** A titled table of a help page. */
export interface HelpSection {
  title: string
  rows: HelpRow[]
  /** The width of the column of names; by default the width of the longest name. */
  names?: number
}

/** The help page of one command or of a group of commands. */
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

/** Builds the help page of a command from its schema. */
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

/** Returns the output flags of a command. */
function outputRows(command: AnyCommand): HelpRow[] {
  const { formats } = command
  const format: HelpRow = { name: '    --format <name>', about: formats?.join(', ') ?? '' }
  const projection = PROJECTION_FLAGS.filter(({ key }) => key !== 'header' || hasHeader(command))
  return [...(formats ? [format] : []), ...COMMON_FLAGS.filter(({ key }) => key === 'json').map(commonRow), ...projection.map(commonRow)]
}

/** The keys of the output flags. */
const OUTPUT_KEYS = new Set(['format', 'json', ...PROJECTION_FLAGS.map(({ key }) => key)])

/** Returns the rows of the flags that are also valid before a command. */
export const globalRows = (): HelpRow[] => COMMON_FLAGS.filter(({ key }) => !OUTPUT_KEYS.has(key)).map(commonRow)

const commonRow = ({ flag, kind, value = '', description }: (typeof COMMON_FLAGS)[number]): HelpRow => ({
  name: flagName({ flag, kind, value }),
  about: description,
})

/** The maximum width of the column of names. */
const MAX_NAME_WIDTH = 36
/** The minimum width of a description beside its name; on a narrower screen the description is below the name. */
const MIN_ABOUT_WIDTH = 30

/** Renders a help page as text that fits the width; names are bold on a terminal with colors. */
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
  const left = Math.min(MAX_NAME_WIDTH, names)
  const row = ({ name, about }: HelpRow) => {
    if (width - left - 4 < MIN_ABOUT_WIDTH)
      return [bold(wrapLine(name.trim(), width, 2)), ...(about ? [wrapLine(about, width, 4)] : [])].join('\n')
    return `  ${bold(oneLine(name))}${' '.repeat(Math.max(0, left - name.length))}  ${wrapLine(about, width, left + 4).trimStart()}`.trimEnd()
  }
  return rows.map(row).join('\n')
}

/** Wraps and indents a line. */
function wrapLine(line: string, width: number, indent = 0): string {
  const text = oneLine(line)
  const wrapped = Number.isFinite(width) ? wrapAnsi(text, Math.max(width - indent, MIN_WIDTH), { hard: true }) : text
  return wrapped.replace(/^(?=.)/gm, ' '.repeat(indent))
}

/** The minimum width of wrapped text. */
const MIN_WIDTH = 8
