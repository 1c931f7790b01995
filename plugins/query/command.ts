import { type Context, defineCommand, expandHome, flag, type Host, openInput, readText, suggestCommand, toJson, usage } from 'ainative-code'
import * as z from 'zod'
import { DEFAULT_TIMEOUT, runQuery } from './evaluator.ts'
import { FUNCTIONS } from './functions.ts'
import { printResult } from './print.ts'

const Seconds = z.string().transform((text, context) => {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text)
  context.addIssue({ code: 'custom', message: 'expected seconds, such as 5 or 0.5' })
  return z.NEVER
})

export const query = defineCommand({
  name: 'query',
  summary: 'Answer a JSONata query over all sessions',
  group: 'Query',
  writes: false,
  args: ['expression'],
  input: z.object({
    expression: z.string().optional().meta({ complete: 'jsonata' }),
    file: z.string().optional().meta({ description: 'Read the expression from this file', alias: 'f', value: 'file' }),
    raw: flag('Texts without quotes, a line each').meta({ alias: 'r' }),
    timeout: Seconds.optional().meta({ description: `Stop it after so many seconds (default: ${DEFAULT_TIMEOUT})`, value: 'seconds' }),
  }),
  formats: ['json', 'jsonl', 'csv', 'table'],
  examples: [`ainative-code query 'sessions[provider="anthropic"].title'`, `ainative-code query '$sum(sessions.message_count)'`],
  async run({ timeout = DEFAULT_TIMEOUT, raw, ...given }, context) {
    tellShadowed(context)
    const text = await expressionOf(given, context)
    if (!text.trim()) throw usage('query needs <expression>', NEEDED)
    const { value, name } = await runQuery(context.host, text, { timeout, signal: context.signal })
    if (context.line && name !== undefined) return undefined
    if (value === undefined) context.note(noMatch(text, context))
    if (raw && value !== undefined) return writeLines(value, context)
    return value
  },
  styled: true,
  print: printResult,
})

/** The note for an empty result. A line of the shell may be a mistyped command. */
function noMatch(text: string, { line, host }: Context): string {
  const hint = line && suggestCommand(text, host.commands().all())
  return hint ? `no match; ${hint}` : 'no match'
}

/** How many characters are written at once. */
const CHUNK = 32_768

/** Writes a text as it is, anything else as JSON; of an array each item on a line of its own. */
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

const told = new WeakSet<Host>()

/** JSONata's own functions stand. */
function tellShadowed({ host, note }: Context): void {
  if (told.has(host)) return
  told.add(host)
  for (const { name } of host.functions().all())
    if (FUNCTIONS.includes(name)) note(`warning: the function $${name} of a plugin is not used, since JSONata has one of that name`)
}

const NEEDED = "ainative-code query '$count(sessions)', or --file FILE"

/** The expression: the word, the file of --file, or standard input. */
async function expressionOf(
  { expression, file }: { expression?: string; file?: string },
  { stdin, signal, host }: Context,
): Promise<string> {
  if (expression !== undefined && file !== undefined) throw usage('query takes an expression or --file, not both')
  if (expression !== undefined && expression !== '-') return expression
  if (file !== undefined && file !== '-') return readText(openInput(expandHome(file, host.env), signal), file)
  const input = stdin()
  if (input.isTTY) throw usage('query needs <expression>', NEEDED)
  return readText(input)
}
