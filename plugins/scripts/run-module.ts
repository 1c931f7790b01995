import path from 'node:path'
import {
  type Context,
  codeOf,
  interruptible,
  loadModule,
  type Message,
  messageOf,
  messageRow,
  Problem,
  queryRow,
  type ScriptApi,
  type ScriptSession,
  Selection,
  type SessionSelection,
  select,
  sourcePlace,
  toExpr,
  toJson,
  untilSettled,
  withDates,
} from 'ainative-code'
import type { RunOptions } from './run-lines.ts'

/** Runs the default export of a module and returns its result. */
export async function runModule(context: Context, file: string, args: string[], { dryRun }: RunOptions): Promise<unknown> {
  try {
    const script = await loadModule(file, context.host.env)
    if (typeof script !== 'function') throw new Problem('script', 'the default export is not a function', { hint: EXPECTED })
    const api = apiOf(context, file, args, dryRun || undefined)
    return await untilSettled(path.basename(file), Promise.resolve(interruptible(() => script(api))))
  } catch (error) {
    if (['EPIPE', 'interrupted'].includes(codeOf(error) ?? '') || context.signal.aborted) throw error
    const hint = error instanceof Problem ? error.hint : undefined
    throw new Problem('script', `${sourcePlace(error) ?? path.basename(file)}: ${messageOf(error)}`, { hint, cause: error })
  }
}

const EXPECTED = 'export default async ({ sessions, query, run }) => { … }'

function apiOf(context: Context, file: string, args: string[], dryRun: boolean | undefined): ScriptApi {
  const run = (line: string) => context.runLine(line, { dryRun, silent: true, script: file })
  return {
    sessions: (selection = {}) => sessionsOf(context, selection),
    query: (expression) => context.runLine(['query', '--', expression], { silent: true, script: file }),
    run,
    args,
    signal: context.signal,
    print: (value) => context.write(`${typeof value === 'string' ? value : toJson(value, 2)}\n`),
  }
}

async function* sessionsOf(context: Context, { tag, ...filters }: SessionSelection): AsyncIterable<ScriptSession> {
  const parsed = await withDates(() =>
    Selection()
      .strict()
      .safeParse({ ...filters, ...(tag !== undefined && { tag: [tag].flat() }) }),
  )
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Problem(
      'script',
      `sessions(${JSON.stringify({ tag, ...filters })}): ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    )
  }
  const store = await context.host.store()
  for await (const session of select(context, { where: toExpr(parsed.data) }, parsed.data.where)) {
    context.signal.throwIfAborted()
    const messages = async () => {
      const rows: Message[] = []
      for await (const page of store.messages(session)) rows.push(...page)
      return rows.map(messageRow)
    }
    yield { ...queryRow(session), messages } as ScriptSession
  }
}
