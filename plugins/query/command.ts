import { type Context, defineCommand, expandHome, flag, type Host, openInput, readText, suggestCommand, toJson, usage } from 'ainative-code'
import * as z from 'zod'
import { BUILTIN_FUNCTIONS } from './builtin-functions.ts'
import { DEFAULT_TIMEOUT, runQuery } from './evaluator.ts'
import { printResult } from './print-result.ts'

const Seconds = z.string().transform((text, context) => {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text)
  context.addIssue({ code: 'custom', message: 'expected seconds, such as 5 or 0.5' })
  return z.NEVER
})

/** The command `query`. */
export const query = defineCommand({
  name: 'query',
  summary: 'Run a JSONata query on all sessions',
  group: 'Query',
  writes: false,
  args: ['expression'],
  input: z.object({
    expression: z.string().optional().meta({ complete: 'jsonata' }),
    file: z.string().optional().meta({ description: 'Read the expression from this file', alias: 'f', value: 'file' }),
    raw: flag('Print strings without quotes, one per line').meta({ alias: 'r' }),
    timeout: Seconds.optional().meta({ description: `Stop the query after this time (default: ${DEFAULT_TIMEOUT})`, value: 'seconds' }),
  }),
  formats: ['json', 'jsonl', 'csv', 'table'],
  examples: [`ainative-code query 'sessions[provider="anthropic"].title'`, `ainative-code query '$sum(sessions.message_count)'`],
  async run({ timeout = DEFAULT_TIMEOUT, raw, ...source }, context) {
    noteShadowed(context)
    const text = await expressionOf(source, context)
    if (!text.trim()) throw usage('query needs <expression>', EXAMPLE)
    const { value, name } = await runQuery(context.host, text, { timeout, signal: context.signal })
    if (context.line && name !== undefined) return undefined
    if (value === undefined) context.note(noMatch(text, context))
    if (raw && value !== undefined) return writeLines(value, context)
    return value
  },
  styled: true,
  print: printResult,
})

/** The note for an empty result. In the shell, the expression may be a mistyped command. */
function noMatch(text: string, { line, host }: Context): string {
  const hint = line && suggestCommand(text, host.commands().all())
  return hint ? `no match; ${hint}` : 'no match'
}

/** The number of characters per write. */
const CHUNK = 32_768

/** Writes a string without quotes and any other value as JSON; each item of an array on its own line. */
async function writeLines(value: unknown, { write, signal }: Context): Promise<void> {
  let text = ''
  for (const each of Array.isArray(value) ? value : [value]) {
    text += `${typeof each === 'string' ? each : toJson(each)}\n`
    if (text.length < CHUNK) continue
    signal.throwIfAborted()
    await write(text)
    text = ''
  }
  await write(text)
}

const hostsWithNote = new WeakSet<Host>()

/** Notes once per host the functions of plugins that are ignored because JSONata has a function of the same name. */
function noteShadowed({ host, note }: Context): void {
  if (hostsWithNote.has(host)) return
  hostsWithNote.add(host)
  for (const { name } of host.functions().all())
    if (BUILTIN_FUNCTIONS.includes(name))
      note(`warning: the function $${name} of a plugin is ignored, because JSONata has a function of this name`)
}

const EXAMPLE = "ainative-code query '$count(sessions)', or --file FILE"

/** Reads the expression from the argument, the file of --file, or standard input. */
async function expressionOf(
  { expression, file }: { expression?: string; file?: string },
  { stdin, signal, host }: Context,
): Promise<string> {
  if (expression !== undefined && file !== undefined) throw usage('query takes an expression or --file, not both')
  if (expression !== undefined && expression !== '-') return expression
  if (file !== undefined && file !== '-') return readText(openInput(expandHome(file, host.env), signal), file)
  const input = stdin()
  if (input.isTTY) throw usage('query needs <expression>', EXAMPLE)
  return readText(input)
}
