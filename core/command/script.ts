import type { Json } from '../contract/session.ts'
import type { Selection } from '../session/selection.ts'

/** The selection flags of `session list` as an object: `{ tag: ['go'], since: '30d' }`. */
export type SessionSelection = Partial<Record<Exclude<keyof Selection, 'tag' | 'status'>, string>> & {
  tag?: string | string[]
  status?: string
}

/** A session in a script: the fields of `session list --json`, and a function that loads the messages. */
export type ScriptSession = Json & { id: string; title: string; messages(): Promise<Json[]> }

/** The argument of a script. */
export interface ScriptApi {
  /** Returns the sessions of a selection, newest first; without a selection, all sessions. */
  sessions(selection?: SessionSelection): AsyncIterable<ScriptSession>
  /** Evaluates a JSONata expression over `{ sessions: […] }`. */
  query(expression: string): Promise<unknown>
  /** Runs a command line without printing, and returns its data; a stream becomes an array. */
  run(line: string): Promise<unknown>
  /** The words after the script's name. */
  args: string[]
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
  /** Prints a string and a line break to standard output; prints any other value as JSON. */
  print(value: unknown): Promise<void>
}

/** The default export of a TypeScript script. Its result is printed: a string unchanged, any other value as JSON. */
export type Script = (api: ScriptApi) => unknown
