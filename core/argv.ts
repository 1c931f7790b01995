import { Command as Parser, CommanderError, Option } from 'commander'
import * as z from 'zod'
import type { AnyCommand } from './command.ts'
import { suggestion } from './nearest.ts'
import { type Problem, usage } from './problem.ts'

/** One input field as the command line sees it; all of it comes from the zod schema. */
export interface Field {
  key: string
  /** `--older-than`, or `--no-activate` for a switch that is on by default. */
  flag: string
  kind: 'switch' | 'value' | 'list'
  alias?: string
  /** What stands for the value in help. */
  value: string
  description: string
  required: boolean
  default?: unknown
  choices?: string[]
}

interface Property {
  type?: string
  default?: unknown
  description?: string
  alias?: string
  value?: string
  enum?: string[]
  anyOf?: Property[]
}

const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The fields of a command's schema, positionals included. */
export function fieldsOf(command: AnyCommand): Field[] {
  const schema = z.toJSONSchema(command.input, { io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, Property>; required?: string[] }
  return Object.entries(schema.properties ?? {}).map(([key, property]) => ({
    key,
    flag: `--${property.type === 'boolean' && property.default === true ? 'no-' : ''}${kebab(key)}`,
    kind: property.type === 'boolean' ? 'switch' : property.type === 'array' ? 'list' : 'value',
    alias: property.alias,
    value: property.value ?? kebab(key),
    description: property.description ?? '',
    required: schema.required?.includes(key) ?? false,
    default: property.default,
    choices: property.enum,
  }))
}

export const isPositional = (command: AnyCommand, field: Field) => command.args?.includes(field.key) ?? false

export interface Invocation {
  input: z.output<AnyCommand['input']>
  format: string
  help: boolean
}

/** Reads the words after a command's name into its validated input. Throws a usage Problem. */
export function readArgv(command: AnyCommand, words: readonly string[]): Invocation {
  const fields = fieldsOf(command)
  const parser = parserOf(command, fields)
  try {
    parser.parse(words as string[], { from: 'user' })
  } catch (error) {
    throw parserProblem(command, error)
  }
  const { json, help, debug: _, format: named, ...options } = parser.opts<Record<string, unknown>>()
  if (help) return { input: {}, format: '', help: true }
  const ownsFormat = fields.some((field) => field.key === 'format')
  const raw = { ...options, ...(ownsFormat && named !== undefined && { format: named }), ...positionals(command, fields, parser.args) }
  const format = json ? 'json' : ownsFormat ? 'text' : formatOf(command, named as string | undefined)
  return { input: validate(command, fields, raw), format, help: false }
}

function parserOf(command: AnyCommand, fields: Field[]): Parser {
  const parser = new Parser(command.name).exitOverride().helpOption(false).argument('[words...]')
  parser.configureOutput({ writeErr: () => undefined })
  for (const field of fields.filter((field) => !isPositional(command, field))) {
    const flags = `${field.alias ? `-${field.alias}, ` : ''}${field.flag}`
    if (field.kind === 'switch') parser.option(flags)
    else {
      const option = new Option(`${flags} <value>`)
      if (field.kind === 'list') option.argParser((value, all: string[] | undefined) => [...(all ?? []), value])
      parser.addOption(option)
    }
    if (field.flag.startsWith('--no-')) parser.setOptionValue(field.key, undefined)
  }
  if (!fields.some((field) => field.key === 'format') && command.formats) parser.option('--format <name>')
  return parser.option('--json').option('--debug').option('-h, --help')
}

function parserProblem(command: AnyCommand, error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error
  const [message = '', hint] = error.message.replace(/^error: /, '').split('\n')
  const better = message.replace(/'([^']*)'/, (_, quoted) => JSON.stringify(quoted))
  return usage(better, hint ? hint.replace(/^\((.*)\)$/, '$1').replace(/^Did/, 'did') : `ainative-code ${command.name} --help lists its flags`)
}

function positionals(command: AnyCommand, fields: Field[], words: string[]): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  const rest = [...words]
  for (const key of command.args ?? []) {
    const field = fields.find((field) => field.key === key)
    if (field?.kind === 'list') input[key] = rest.splice(0)
    else if (rest.length > 0) input[key] = rest.shift()
    else if (field?.required) throw usage(`${command.name} needs ${labelOf(field)}`, `ainative-code ${command.name} --help`)
  }
  if (rest.length === 0) return input
  const takes = (command.args ?? []).map((key) => `<${kebab(key)}>`).join(' ') || 'no words'
  throw usage(`${command.name} takes ${takes}; ${JSON.stringify(rest[0])} is one too many`, 'put a text with spaces in quotes')
}

const labelOf = (field: Field) => `<${field.value}>`

function formatOf(command: AnyCommand, named: string | undefined): string {
  const formats = command.formats ?? ['text', 'json']
  if (named === undefined) return formats[0] as string
  if (formats.includes(named)) return named
  throw usage(`${command.name} has no format ${JSON.stringify(named)}`, suggestion(named, formats))
}

function validate(command: AnyCommand, fields: Field[], raw: Record<string, unknown>): z.output<AnyCommand['input']> {
  const result = command.input.safeParse(raw)
  if (result.success) return result.data
  throw inputProblem(command, fields, raw, result.error)
}

function inputProblem(command: AnyCommand, fields: Field[], raw: Record<string, unknown>, error: z.ZodError): Problem {
  const issue = error.issues[0]
  const field = fields.find((field) => field.key === issue?.path[0])
  if (!issue || !field) return usage(issue?.message ?? 'wrong usage', `ainative-code ${command.name} --help`)
  const name = isPositional(command, field) ? labelOf(field) : field.flag
  const value = raw[field.key]
  if (value === undefined) return usage(`${command.name} needs ${name}`, `ainative-code ${command.name} --help`)
  const hint = field.choices ? suggestion(String(value), field.choices) : undefined
  const message = field.choices ? `there is no ${field.key} ${JSON.stringify(value)}` : `${name} ${JSON.stringify(value)}: ${issue.message}`
  return usage(message, hint)
}
