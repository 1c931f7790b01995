import {
  type Context,
  type Json,
  loadModule,
  type Message,
  messageRow,
  Problem,
  Selection,
  select,
  sessionRow,
  toExpr,
} from 'ainative-code'
import type { Options } from './lines.ts'

/** Which sessions a script asks for, as the selection flags have it: `{ tag: ['go'], since: '30d' }`. */
export type SessionSelection = Partial<Record<Exclude<keyof Selection, 'tag' | 'status'>, string>> & {
  tag?: string | string[]
  status?: string
}

/** A session as a script sees it: the fields of `session list --json`, and its messages when they are asked for. */
export type ScriptSession = Json & { id: string; title: string; messages(): Promise<Json[]> }

/** What a script's function is given. */
export interface ScriptApi {
  /** The sessions of a selection, newest first; all of them without one. */
  sessions(selection?: SessionSelection): AsyncIterable<ScriptSession>
  /** The result of a JSONata expression over `{ sessions: […] }`. */
  query(expression: string): Promise<unknown>
  /** The data of a command line, a stream as an array; nothing is printed. */
  run(line: string): Promise<unknown>
  /** The words after the script's name. */
  args: string[]
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
  /** Writes a line to standard output. */
  print(text: string): Promise<void>
}

/** Runs the function that a module exports by default; what it returns is the result. */
export async function runModule(context: Context, file: string, args: string[], { dryRun }: Options): Promise<unknown> {
  const script = await loadModule(file, context.host.env)
  if (typeof script !== 'function')
    throw new Problem('script', `${file} exports no function by default`, {
      hint: 'export default async ({ sessions, query, run }) => { … }',
    })
  return script(apiOf(context, file, args, dryRun || undefined))
}

function apiOf(context: Context, file: string, args: string[], dryRun: boolean | undefined): ScriptApi {
  const run = (line: string) => context.runLine(line, { dryRun, silent: true, script: file })
  return {
    sessions: (selection = {}) => sessionsOf(context, selection),
    query: (expression) => context.runLine(['query', '--', expression], { silent: true, script: file }),
    run,
    args,
    signal: context.signal,
    print: (text) => context.write(`${text}\n`),
  }
}

async function* sessionsOf(context: Context, { tag, ...given }: SessionSelection): AsyncIterable<ScriptSession> {
  const parsed = Selection()
    .strict()
    .safeParse({ ...given, ...(tag !== undefined && { tag: [tag].flat() }) })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Problem(
      'selection',
      `sessions(${JSON.stringify({ tag, ...given })}): ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
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
    yield { ...sessionRow(session), messages } as ScriptSession
  }
}
