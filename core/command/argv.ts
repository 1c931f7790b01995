import type { ParseArgsConfig } from 'node:util'
import type * as z from 'zod'
import type { Field } from '../contract/field.ts'
import type { AnyCommand } from '../contract/host.ts'
import type { DisplayFlags } from '../contract/view.ts'
import { nearest, suggestion } from '../kernel/nearest.ts'
import { type Problem, usage } from '../kernel/problem.ts'
import { COLOR_MODES, colorFlag } from '../output/display-flags.ts'
import { defaultsOf, fieldsOf, inputOf, kebab } from './command-fields.ts'
import { PROJECTION_FLAGS, type ProjectionFlags, projectionFormat, takeProjectionFlags } from './projection-flags.ts'

/** True for a field that is read from a positional argument. */
export const isPositional = (command: AnyCommand, field: Field) => command.args?.includes(field.key) ?? false

/** A parsed command line. */
export interface Invocation {
  input: z.output<z.ZodObject>
  format: string
  /** True if --format or --json chose the format. */
  hasFormatFlag: boolean
  displayFlags: DisplayFlags
  help: boolean
  /** The values of --fields and --query. */
  projection?: ProjectionFlags
  /** False to omit the header of a table or CSV. */
  header: boolean
}

/**
 * Parses the words after a command's name into its validated input. Throws a usage Problem. `built` are the fields from the build: if all
 * given fields accept any text, the schema is not loaded. `preferred` is the format of a list without --format.
 */
export function readArgv(command: AnyCommand, words: readonly string[], built?: Field[], preferred?: string): Invocation {
  const fields = built ?? fieldsOf(command)
  const { options, rest } = splitFlags(command, fields, words)
  const { projection, header } = takeProjectionFlags(options, fields)
  const { json, help, debug: _, plugins: __, format: named, color, pager, ...values } = options
  const own = new Set(fields.map(({ key }) => key))
  const ownsFormat = own.has('format')
  const displayFlags: DisplayFlags = {
    ...(color !== undefined && !own.has('color') && { color: colorFlag(String(color)) }),
    ...(pager === false && !own.has('pager') && { pager }),
  }
  const hasFormatFlag = Boolean(json) || named !== undefined
  if (help) return { input: {}, format: '', hasFormatFlag, displayFlags, help: true, header }
  // A command may define one of these flags itself.
  const shared = Object.entries({ format: named, color, pager }).filter(([key, value]) => own.has(key) && value !== undefined)
  const raw = { ...values, ...Object.fromEntries(shared), ...readPositionals(command, fields, rest) }
  const name = ownsFormat ? undefined : (named as string | undefined)
  const projected = projection && projectionFormat(command, projection, name, preferred)
  const format = json ? 'json' : (projected ?? (ownsFormat ? 'text' : formatOf(command, name, preferred)))
  const checked =
    built &&
    Object.keys(raw).every((key) => built.find((field) => field.key === key)?.plain) &&
    fields.every(({ key, required }) => !required || key in raw)
  const input = checked ? { ...defaultsOf(fields), ...raw } : validate(command, fields, raw)
  return { input, format, hasFormatFlag, displayFlags, help: false, projection, header }
}

type Flag = Pick<Field, 'key' | 'flag' | 'kind' | 'alias'>

/** The flags that every command has. */
export const COMMON_FLAGS: (Flag & Pick<Field, 'description'> & { value?: string })[] = [
  { key: 'format', flag: '--format', kind: 'value', value: 'name', description: 'Output format' },
  { key: 'json', flag: '--json', kind: 'switch', description: 'Output as JSON' },
  ...PROJECTION_FLAGS,
  { key: 'color', flag: '--color', kind: 'value', value: 'when', description: `When to use colors (${COLOR_MODES.join(', ')})` },
  { key: 'pager', flag: '--no-pager', kind: 'switch', description: 'Do not page long output' },
  { key: 'debug', flag: '--debug', kind: 'switch', description: 'Show stack traces' },
  { key: 'plugins', flag: '--no-plugins', kind: 'switch', description: 'Do not load external plugins' },
  { key: 'help', flag: '--help', kind: 'switch', alias: 'h', description: 'Show help' },
]

/** Returns the flags of a command: its own ones and the common ones. */
function flagsOf(command: AnyCommand, fields: Field[]): Flag[] {
  const own = fields.filter((field) => !isPositional(command, field))
  return [...own, ...COMMON_FLAGS.filter(({ key }) => !own.some((field) => field.key === key) && (key !== 'format' || command.formats))]
}

/** Separates flags from positional arguments. Node's strict mode is off, because a value may start with a dash, as in POSIX. */
function splitFlags(command: AnyCommand, fields: Field[], words: readonly string[]): { options: Record<string, unknown>; rest: string[] } {
  if (!words.some((word) => word.startsWith('-'))) return { options: {}, rest: [...words] }
  // Loaded here, because Node compiles its parser for each start that uses it.
  const { parseArgs } = process.getBuiltinModule('node:util')
  const flags = flagsOf(command, fields)
  const known: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    flags.map(({ flag, kind, alias }) => [
      flag.slice(2),
      { type: kind === 'switch' ? 'boolean' : 'string', ...(alias && { short: alias }) },
    ]),
  )
  const { tokens } = parseArgs({ args: [...words], options: known, strict: false, allowPositionals: true, tokens: true })
  const options: Record<string, unknown> = {}
  const rest: string[] = []
  let lastNumber = -1
  for (const token of tokens) {
    const word = words[token.index] as string
    if (token.kind === 'positional') rest.push(token.value)
    if (token.kind !== 'option' || token.index === lastNumber) continue
    if (/^-\d/.test(word)) {
      // A negative number is an argument, but parseArgs returns a token for each of its characters.
      rest.push(word)
      lastNumber = token.index
    } else
      setFlag(
        command,
        options,
        flags,
        flags.find((each) => each.flag === `--${token.name}`),
        token,
      )
  }
  return { options, rest }
}

/** Stores the value of a flag. Throws a usage Problem for an unknown flag, and for a missing or unexpected value. */
function setFlag(
  command: AnyCommand,
  options: Record<string, unknown>,
  flags: Flag[],
  flag: Flag | undefined,
  token: { rawName: string; value?: string },
): void {
  if (!flag) {
    const hint = suggestion(
      token.rawName,
      flags.map((each) => each.flag),
    )
    throw usage(
      `${command.name} has no flag ${token.rawName}`,
      hint?.startsWith('did') ? hint : `ainative-code ${command.name} --help lists its flags`,
    )
  }
  if (flag.kind === 'switch') {
    if (token.value !== undefined) throw usage(`${flag.flag} takes no value: ${JSON.stringify(token.value)}`)
    options[flag.key] = !flag.flag.startsWith('--no-')
  } else if (token.value === undefined) throw usage(`${flag.flag} needs a value`, `ainative-code ${command.name} --help`)
  else options[flag.key] = flag.kind === 'list' ? [...((options[flag.key] as string[] | undefined) ?? []), token.value] : token.value
}

/** Reads the positional arguments. Throws a usage Problem for a missing or unexpected one. */
function readPositionals(command: AnyCommand, fields: Field[], words: string[]): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  const rest = [...words]
  for (const key of command.args ?? []) {
    const field = fields.find((field) => field.key === key)
    if (rest.length > 0) input[key] = field?.kind === 'list' ? rest.splice(0) : rest.shift()
    else if (field?.required) throw usage(`${command.name} needs ${labelOf(field)}`, `ainative-code ${command.name} --help`)
  }
  if (rest.length === 0) return input
  const takes = (command.args ?? []).map((key) => `<${kebab(key)}>`).join(' ') || 'no arguments'
  throw usage(
    `unexpected argument ${JSON.stringify(rest[0])}: ${command.name} takes ${takes}`,
    /^([|<>]|>>|2>|&&)/.test(rest[0] ?? '') ? NO_PIPES : 'quote a text that contains spaces',
  )
}

const NO_PIPES = 'pipes and redirections work only in your own shell; -o and --limit work everywhere'

const labelOf = (field: Field) => `<${field.value}>`

/** Returns the output format without --fields and --query. Throws a usage Problem for a format that the command does not have. */
function formatOf(command: AnyCommand, named: string | undefined, preferred: string | undefined): string {
  const formats = command.formats ?? ['text', 'json']
  const isList = formats[0] === 'table'
  if (named === undefined) return isList && preferred !== undefined && formats.includes(preferred) ? preferred : (formats[0] as string)
  if (formats.includes(named)) return named
  throw usage(`${command.name} has no format ${JSON.stringify(named)}`, suggestion(named, formats))
}

function validate(command: AnyCommand, fields: Field[], raw: Record<string, unknown>): Invocation['input'] {
  const result = inputOf(command).safeParse(raw)
  if (result.success) return result.data
  throw inputProblem(command, fields, raw, result.error)
}

/** Returns the usage Problem of the first issue, with the flag or argument and its value. */
function inputProblem(command: AnyCommand, fields: Field[], raw: Record<string, unknown>, error: z.ZodError): Problem {
  const issue = error.issues[0]
  const field = fields.find((field) => field.key === issue?.path[0])
  if (!issue || !field) return usage(issue?.message ?? 'invalid usage', `ainative-code ${command.name} --help`)
  const name = isPositional(command, field) ? labelOf(field) : field.flag
  const value = raw[field.key]
  if (value === undefined) return usage(`${command.name} needs ${name}`, `ainative-code ${command.name} --help`)
  const { choices = [] } = field
  const close = nearest(String(value), choices)
  const expected = choices.length > 0 ? `expected ${choices.join(', ')}` : issue.message
  return usage(`${name} ${JSON.stringify(value)}: ${expected}`, close && `did you mean ${close}?`)
}
