import type { Readable } from 'node:stream'
import type { AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook, SyncBailHook, SyncHook } from 'tapable'
import type * as z from 'zod'
import type { ConfigFile, Defaults } from './config.ts'
import type { Field } from './field.ts'
import type { Format } from './format.ts'
import type { Isolation } from './isolation.ts'
import type { ChatRequest, Provider } from './provider.ts'
import type { Evaluate, Predicate, QueryFunction } from './query.ts'
import type { Named, Registry } from './registry.ts'
import type { Json, Message, Session } from './session.ts'
import type { Change, Store } from './store.ts'
import type { Candidate, Completion, DisplayFlags, LineOptions, LinesRead, TextOutput, View } from './view.ts'

// A host has commands, and a command's context has the host: these types share a file so that no imports form a circle.

/** Everything that plugins and commands share: the hooks, the registries and the store. */
export interface Host {
  hooks: Hooks
  config: LoadedConfig
  env: NodeJS.ProcessEnv
  /** True if nothing may be written to the store. */
  readOnly: boolean
  /** True if no external plugin is loaded. */
  onlyShipped: boolean
  /** Every plugin that the program tried to load. */
  plugins: LoadedPlugin[]
  /** The package zod, for plugins without a node_modules folder. */
  readonly z: typeof import('zod')
  commands(): Registry<CommandEntry>
  formats(): Registry<Format>
  providers(): Registry<Provider>
  functions(): Registry<QueryFunction>
  completers(): Registry<Completer>
  tasks(): Registry<Task>
  /** The variables `$name` of the shell or script; `_` is the last result. */
  variables: Map<string, unknown>
  /** The store. Its saves call the hooks saving and saved. */
  store(): Promise<Store>
  /** A block of the config by its dotted path, with environment references resolved; an empty object if it is not set. */
  block(path: string): Json
  /** The config file that sets a dotted key; relative paths in its value start from its folder. */
  fileOf(path: string): string | undefined
  close(): Promise<void>
}

/** The merged config and the files it comes from, the last one winning. */
export interface LoadedConfig {
  values: Config
  files: ConfigFile[]
  /** The values of each file, the last one winning. */
  layers: ConfigLayer[]
  defaults: Defaults
  /** Mistakes that stop commands which need their settings. */
  problems: (Error & { code: string; hint: string | undefined; exit: number })[]
}

/** A config file and its own values. */
export interface ConfigLayer {
  file: string
  values: Config
}

/** The values of a config file: plugins, and a block for each plugin that reads one. */
export interface Config {
  plugins?: (Plugin | string)[]
  [block: string]: unknown
}

/** A feature: a name, and a function that taps hooks without doing I/O. */
export interface Plugin<C extends z.ZodType = z.ZodType> {
  name: string
  version?: string
  /** Names of plugins that must be loaded too. */
  requires?: readonly string[]
  /** Validates this plugin's block of the config. A function receives zod, and is called only if the config has such a block. */
  config?: C | ((z: Host['z']) => C)
  /** The dotted path of the block; by default the plugin's name. Without `config`, it only marks the block as known. */
  configPath?: string
  /** For built-in plugins that validate their block on first use, in place of `config`: the schema of the block, for its known keys. */
  blockSchema?(host: Pick<Host, 'providers'>): Promise<z.ZodType>
  apply(host: Host, config: z.output<C>): void
}

/** A plugin that the program tried to load, and the result. */
export interface LoadedPlugin {
  name: string
  version?: string
  /** The file of an external plugin; absent for built-in ones. */
  file?: string
  /** Absent until the plugin is loaded. */
  plugin?: Plugin
  /** The hooks that the plugin tapped. */
  hooks: string[]
  /** The reason why the plugin is not used. */
  problem?: string
  /** Absent for built-in plugins. */
  isolation?: Isolation
}

/** Every hook of the core. docs/plugins.md describes what a tap may do. */
export interface Hooks {
  commands: SyncHook<[Registry<CommandEntry>]>
  formats: SyncHook<[Registry<Format>]>
  providers: SyncHook<[Registry<Provider>]>
  /** Functions for JSONata. */
  functions: SyncHook<[Registry<QueryFunction>]>
  /** Kinds of values for completion. */
  completers: SyncHook<[Registry<Completer>]>
  /** Work that runs in a worker process. */
  tasks: SyncHook<[Registry<Task>]>
  /** Returns the store. */
  store: AsyncSeriesBailHook<[], Store>
  /** Looks elsewhere for a session by the start of its id, and stores a single one. Returns the found sessions. */
  missing: AsyncSeriesBailHook<[string, Pick<Context, 'note' | 'progress' | 'signal'>], Pick<Session, 'id' | 'title'>[] | undefined>
  /** Returns true if an expression continues on the next line. */
  incomplete: AsyncSeriesBailHook<[string], boolean>
  /** Compiles the expression of --query to a function over a command's data. */
  query: AsyncSeriesBailHook<[string], Evaluate>
  /** Compiles the text of --where to a predicate. */
  where: AsyncSeriesBailHook<[string], Predicate>
  /** Returns the words of the command that runs a line which is not a command. */
  line: SyncBailHook<[string], readonly string[] | undefined>
  /** Returns the words of the command that a start without a command runs. */
  start: SyncBailHook<[Start], readonly string[] | undefined>
  /** Runs a mode on the terminal until the mode ends. Returns the exit code. */
  terminal: AsyncSeriesBailHook<[Terminal], number>
  /** Called when the prompt opens, with its vorpal instance: `vorpal.use(extension)` adds commands. */
  shell: AsyncSeriesHook<[{ use(extension: unknown, options?: unknown): unknown }]>
  /** Called before a write: may change the write, or reject it by throwing. */
  saving: AsyncSeriesWaterfallHook<[Change]>
  /** Called after the commit. */
  saved: AsyncSeriesHook<[Change]>
  /** Called before a model is asked: may change the request, or reject it by throwing. */
  asking: AsyncSeriesWaterfallHook<[ChatRequest]>
  /** Called after a reply is stored. */
  replied: AsyncSeriesHook<[ChatRequest, Message]>
  /** Collects warnings that appear before the output of a command. Called with the command's name; not for a command that another one runs. */
  warnings: SyncHook<[(text: string) => void, string]>
  /** Called at exit. */
  close: AsyncSeriesHook<[]>
}

/** The arguments of a start of the program without a command. */
export interface Start {
  /** The command line: empty, or flags only. */
  words: readonly string[]
  /** True if standard input is a terminal. */
  terminal: boolean
}

/** The terminal of the process, and the mode to run on the terminal. */
export interface Terminal {
  io: Io
  mode: Mode
  /** True to show the stack traces of errors. */
  debug: boolean
}

/** Completes one kind of value: the kind that a field of a command names in its `complete`. */
export interface Completer extends Named {
  /**
   * The values that start with this text, at most `limit`. The caller drops values that do not start with it. `before` holds the command's
   * words so far.
   */
  values(host: Host, text: string, limit: number, before: readonly string[]): Promise<Candidate[]> | Candidate[]
}

/** Work that a plugin does in a worker process, where it can be stopped. Questions and answers must be structured-cloneable. */
export interface Task extends Named {
  load(): Promise<(host: Host, question: never) => Promise<unknown>>
}

/** A command: its input as a zod schema, a function that returns data, and a function that formats the data as text. */
export interface Command<I extends z.ZodObject = z.ZodObject, D = unknown> {
  name: string
  summary: string
  aliases?: readonly string[]
  /** Aliases that only the command line accepts, because a JSONata root has the same name at the prompt. */
  argvAliases?: readonly string[]
  /** The heading of the command in help. */
  group?: string
  /** True if neither help nor completion lists the command. */
  hidden?: boolean
  /** True if the command deletes or replaces data: no hint suggests it for a mistyped name. */
  destructive?: boolean
  /** True if the command needs no settings: it runs even if the config has a mistake. */
  tolerant?: boolean
  /** The start of a hint that proposes this command for a text that is not a command, such as `to ask a model`. */
  textHint?: string
  /** A key of the shell, pressed with Ctrl: runs the words as a command and inserts its text; on an empty line, runs the command. */
  key?: { ctrl: string; words: readonly string[] }
  /** Input fields that are read from positional arguments, in order; an array takes the rest. */
  args?: readonly string[]
  /** The schema of the arguments and flags. A function is called only if there are any, so that other starts do not build the schema. */
  input: I | (() => I)
  /** The values of --format, the default first. */
  formats?: readonly string[]
  /** The columns of --format csv; by default the keys of a stream's first row, or of all rows. */
  columns?: readonly string[]
  /** Further fields of the rows, for --fields and its completion. */
  fields?: readonly string[]
  /** True if the text is long: it is paged on a terminal. */
  pager?: boolean
  /** True if the text contains its own colors on a terminal, and its control characters are already replaced. */
  styled?: boolean
  /** Command lines for the end of the help page. */
  examples?: readonly string[]
  /** True if the command writes, for every input or for some. Unless it is false, a dry run skips the command or passes its own --dry-run. */
  writes?: boolean | ((input: z.output<I>) => boolean)
  /** Returns the data. The last result of the shell is then the rows of a stream, or the `result()` of a RowStream. */
  run(input: z.output<I>, context: Context): D | Promise<D>
  /** Formats the data as text; without this function it is printed as JSON. */
  print?(data: Awaited<D>, view: View, format: string): TextOutput | Promise<TextOutput>
}

/** A command of any input and data. */
// biome-ignore lint/suspicious/noExplicitAny: a registry holds commands of every input and data type
export type AnyCommand = Command<any, any>

/** The part of a command that a start needs to know without loading it. */
export type CommandHead = Pick<
  AnyCommand,
  'name' | 'summary' | 'aliases' | 'argvAliases' | 'group' | 'hidden' | 'destructive' | 'tolerant' | 'textHint' | 'key'
>

/** A command in the registry: the command itself, or its head and a loader, so that a start loads one command and not all. */
export type CommandEntry = AnyCommand | (CommandHead & { inputFields?: Field[]; load(): Promise<AnyCommand> })

/** The second argument of a command's `run`. */
export interface Context {
  host: Host
  signal: AbortSignal
  /** Standard input, opened on first use. */
  stdin(): Readable & { isTTY?: boolean }
  /** The value of --format or --json. */
  format: string
  /** True if --format or --json chose the format, false for the default format. */
  hasFormatFlag: boolean
  /** True if a screen drawn on the terminal has colors, even if standard output is a file. */
  paintsScreen: boolean
  /** True if standard output is a terminal. */
  interactive: boolean
  /** Writes a line to standard error; `dim` on a terminal with colors. */
  note(text: string, style?: 'dim'): void
  /** Shows progress on a terminal. */
  progress(text: string): void
  /** Asks for a confirmation. Without a terminal it throws a Problem that names the flag. */
  ask(question: string, flag: string): Promise<boolean>
  /** Sets exit code 1 although there is a result. */
  fail(): void
  /** Writes bytes of the result to standard output. */
  write(chunk: string): Promise<void>
  /** Writes text that contains its own colors, and whose control characters are already replaced. */
  show(text: TextOutput): Promise<void>
  view: View
  /** Passes the lines of the terminal to a mode until it ends; absent without a terminal. */
  enter?(mode: Mode): void
  /** True for a line of the shell or of a script that is not a command. */
  line: boolean
  /** Runs a line as the shell does, or the words of a command, with the same output. Returns the data. */
  runLine(line: string | readonly string[], options?: LineOptions): Promise<unknown>
  /** The files of the running scripts, the outermost first. */
  scripts: readonly string[]
}

/** The streams and functions that a command uses for its input, its result, its notes and its questions. */
export interface Io {
  /** Returns standard input. Opened on first use, because Node's streams take time to load. */
  stdin: Context['stdin']
  view: View
  /** The flags that determined `view` and `page`. */
  look?: DisplayFlags
  interactive: boolean
  signal: AbortSignal
  write(chunk: string): Promise<void>
  fail(): void
  /** Writes a line to standard error; `dim` on a terminal with colors. */
  note(text: string, style?: 'dim'): void
  progress(text: string): void
  /** Asks a yes/no question. An abort of `signal`, by default that of the command, ends the question. */
  ask(question: string, flag: string, signal?: AbortSignal): Promise<boolean>
  /** True for a dry run: commands that write only show what they would do. */
  dryRun?: boolean
  scripts?: readonly string[]
  /** Passes the lines of the terminal to a mode. */
  enter?(mode: Mode): void
  /** The number of commands that run this command, directly or not. */
  depth?: number
  /** Shows long text page by page; absent without a terminal. */
  page?(chunks: AsyncIterable<string>): Promise<void>
}

/** A reader of the lines of a terminal: the shell, or a conversation that a command enters. */
export interface Mode {
  /** The text before the cursor of an empty line. */
  prompt(): string | Promise<string>
  /** Adds a line to a text. `pasted` is true for a line that ends within a paste. */
  next(text: string | undefined, line: string, pasted: boolean): LinesRead | Promise<LinesRead>
  /** Earlier texts for the key Up, the newest first. */
  history: string[]
  complete?(before: string): Promise<Completion>
  /** The action of a key that is pressed with Ctrl. */
  key?(letter: string): BoundKey | undefined
  /** The message for a Ctrl-C when nothing runs; a second Ctrl-C then leaves the mode. Without this message, Ctrl-C only clears the line. */
  leaving?: string
  /** Runs a text; false leaves the mode. */
  run(text: string, context: Context): Promise<boolean | undefined>
}

/** The action of a key: runs a line if the prompt is empty, otherwise inserts a text. */
export interface BoundKey {
  run: string
  insert(io: Io): Promise<string>
}
