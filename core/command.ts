import type { Readable } from 'node:stream'
import type * as z from 'zod'
import type { Host } from './host.ts'
import type { Mode } from './mode.ts'

/** The second argument of a command's `run`. */
export interface Context {
  host: Host
  signal: AbortSignal
  /** Standard input, opened when it is asked for. */
  stdin(): Readable & { isTTY?: boolean }
  /** What --format (or --json) asked for. */
  format: string
  /** True if --format or --json chose it, and not a default. */
  hasFormatFlag: boolean
  /** Whether standard output is a terminal. */
  interactive: boolean
  /** A line for standard error, beside the result; a dim one on a terminal with colours alone. */
  note(text: string, style?: 'dim'): void
  /** Tells how far it is, on a terminal. */
  progress(text: string): void
  /** Gets a yes, or throws; without a terminal it is a Problem that names the flag. */
  ask(question: string, flag: string): Promise<boolean>
  /** Makes the exit code 1 although there is a result. */
  fail(): void
  /** Bytes for standard output that are the result themselves. */
  write(chunk: string): Promise<void>
  /** Text that brings its own colours and is harmless already. */
  show(text: ShownText): Promise<void>
  view: View
  /** True if a screen drawn on the terminal itself has colors, whatever standard output is. */
  paintsScreen: boolean
  /** Gives the lines of the terminal to a mode until it is left; absent where there is none to give. */
  enter?(mode: Mode): void
  /** Whether the input is a line of the shell or of a script that is no command. */
  line: boolean
  /** Runs a line as the shell does, or the words of a command; what it writes goes where this command's result does. Gives its data. */
  runLine(line: string | readonly string[], options?: LineOptions): Promise<unknown>
  /** The files of the scripts that led here, the outermost first. */
  scripts: readonly string[]
}

/** Text as it comes; `rest` gives what it still holds when Ctrl-C ends it. */
export type ShownText = AsyncIterable<string> & { rest?(): string }

/** How a line of a script is run. */
export interface LineOptions {
  /** Commands that change something only say what they would do. */
  dryRun?: boolean
  /** For its data alone: nothing is printed. */
  silent?: boolean
  /** It may enter a mode. */
  enters?: boolean
  /** The file it stands in. */
  script?: string
}

/** Where text will be read. Width in columns, Infinity when piped. */
export interface View {
  width: number
  color: boolean
  /** Whether a terminal will show it. */
  interactive: boolean
  /** False for a table or CSV without its header. */
  header?: boolean
  /** True for a terminal whose locale has no Unicode. */
  ascii?: boolean
}

export interface Command<I extends z.ZodObject = z.ZodObject, D = unknown> {
  name: string
  summary: string
  aliases?: readonly string[]
  argvAliases?: undefined
  /** The heading that help lists it under. */
  group?: string
  /** Neither help nor completion names it. */
  hidden?: boolean
  /** It deletes or replaces data: no hint suggests it for a mistyped name. */
  destructive?: boolean
  /** Begins a hint that proposes this command for a text that is no command, such as `to ask a model`. */
  textHint?: string
  /** It needs no settings: it runs although a config has a mistake. */
  tolerant?: boolean
  /** Input fields that are read from positionals, in order; an array takes the rest. */
  args?: readonly string[]
  /** The schema of its words and flags. A function is called only if there are any, so that other starts do not build the schema. */
  input: I | (() => I)
  /** What --format takes, the default first. */
  formats?: readonly string[]
  /** The columns of --format csv; without them, those of the first row of a stream, or of all rows. */
  columns?: readonly string[]
  /** Further fields of its rows, which --fields takes and completes. */
  fields?: readonly string[]
  /** Its text is long: page it on a terminal. */
  pager?: boolean
  /** On a terminal its text brings its own colours, and is harmless already. */
  styled?: boolean
  /** Lines for the end of its help. */
  examples?: readonly string[]
  /** Whether it changes something, for all inputs or for some. Unless it says no, a dry run passes it by, or takes its own --dry-run. */
  writes?: boolean | ((input: z.output<I>) => boolean)
  /** Gives the data; of a stream, its rows are the last result of the shell, or what its own `result()` gives at its end. */
  run(input: z.output<I>, context: Context): D | Promise<D>
  /** The text form; without it the data is printed as JSON. */
  print?(data: Awaited<D>, view: View, format: string): string | ShownText | Promise<string | ShownText>
}

/** Returns the command; it only types it. */
export const defineCommand = <I extends z.ZodObject, D>(command: Command<I, D>): Command<I, D> => command

// biome-ignore lint/suspicious/noExplicitAny: a registry holds commands of every input and data type
export type AnyCommand = Command<any, any>

/** A command as it is registered: itself, or its name and a loader, so that a start builds one schema and not all. */
export type CommandEntry =
  | AnyCommand
  | {
      name: string
      summary: string
      aliases?: readonly string[]
      /** Aliases for argv alone, since at the prompt they would hide a JSONata name. */
      argvAliases?: readonly string[]
      group?: string
      hidden?: boolean
      /** It deletes or replaces data: no hint suggests it for a mistyped name. */
      destructive?: boolean
      /** Begins a hint that proposes this command for a text that is no command, such as `to ask a model`. */
      textHint?: string
      /** It needs no settings: it runs although a config has a mistake. */
      tolerant?: boolean
      /** At the shell's prompt, Ctrl and this letter run these words: the texts that they give are inserted, and an empty line runs the command. */
      key?: { ctrl: string; words: readonly string[] }
      load(): Promise<AnyCommand>
    }

export const loadCommand = (entry: CommandEntry): Promise<AnyCommand> => ('load' in entry ? entry.load() : Promise.resolve(entry))
