import type { Json } from '../contract/session.ts'
import type { Selection } from '../session/selection.ts'

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
  /** Writes a text and a line's end to standard output; anything else as JSON. */
  print(value: unknown): Promise<void>
}

/** What a TypeScript script exports by default; what it returns is printed: a text as it is, anything else as JSON. */
export type Script = (api: ScriptApi) => unknown
