export { collect } from './collect.ts'
export {
  type Command,
  type CommandEntry,
  type Context,
  defineCommand,
  type LineOptions,
  loadCommand,
  type ShownText,
  type View,
} from './command.ts'
export { type Candidate, type Completer, completeWords } from './completion.ts'
export type { ConfigFile } from './config.ts'
export { dateFlag, localTime } from './dates.ts'
export { flag, Title, wholeNumber } from './fields.ts'
export { findId, findIds, type Scope } from './find.ts'
export { makeFolder } from './folder.ts'
export type { Format } from './format.ts'
export { harmless, harmlessPieces, type Pieces } from './harmless.ts'
export { commandHelp, commandsHelp } from './help.ts'
export { type History, openHistory } from './history.ts'
export { type Hooks, named, type Predicate, type QueryFunction } from './hooks.ts'
export type { Host } from './host.ts'
export { newMessageId, newSessionId, SESSION_ID } from './ids.ts'
export { toJson } from './json.ts'
export { openWords, quoteRest } from './last-word.ts'
export { projects } from './lazy.ts'
export { readLines, readText } from './lines.ts'
export { masked } from './masked.ts'
export type { Completion, Mode, Taken } from './mode.ts'
export { needsMore } from './more.ts'
export { nearest, suggestion } from './nearest.ts'
export { once } from './once.ts'
export { oneLine, table } from './output.ts'
export type { LoadedPlugin } from './owner.ts'
export { configFolder, expandHome, stateFolder } from './paths.ts'
export { type Config, definePlugin, type Plugin } from './plugin.ts'
export { codeOf, messageOf, Problem, usage } from './problem.ts'
export type { ChatChunk, ChatRequest, Model, Provider, ProviderSetup } from './provider.ts'
export type { Named, Registry } from './registry.ts'
export type { Script, ScriptApi, ScriptSession, SessionSelection } from './script.ts'
export { hasSelection, Selection, select, toExpr } from './selection.ts'
export * from './session.ts'
export { sourcePlace } from './source-place.ts'
export * from './store.ts'
export { type Limits, openThread, type Task } from './thread.ts'
export { loadModule } from './typescript.ts'
export { measureAny, shorten } from './width.ts'
export { joinLines } from './words.ts'
