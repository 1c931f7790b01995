export type { Asker } from './asker.ts'
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
export { dateFlag, localTime, utcTime, withDates } from './dates.ts'
export { SORT_KEYS } from './defaults.ts'
export { isTooDeep, MAX_DEPTH } from './depth.ts'
export { ExactNumber, parseForeignJson, parseJson, stringifyJson } from './exact.ts'
export { filledText, flag, Title, wholeNumber } from './fields.ts'
export { fileProblem } from './file-problem.ts'
export { findId, findIds, type Scope, type Titles } from './find.ts'
export { makeFolder } from './folder.ts'
export type { Format } from './format.ts'
export { harmless, harmlessPieces, type Pieces } from './harmless.ts'
export type { HelpPage, HelpSection } from './help.ts'
export { type History, openHistory } from './history.ts'
export { type Evaluate, type Hooks, named, type Predicate, type QueryFunction } from './hooks.ts'
export type { Host } from './host.ts'
export { newMessageId, newSessionId, SESSION_ID } from './ids.ts'
export { openInput } from './input-file.ts'
export { toJson } from './json.ts'
export { jsonPieces } from './json-pieces.ts'
export { openWords, quoteRest } from './last-word.ts'
export {
  configChecks,
  configReader,
  copyText,
  editor,
  helpTexts,
  jsonColors,
  openAsker,
  openScreen,
  outputFiles,
  projects,
  userConfigFile,
} from './lazy.ts'

export { readLines, readText } from './lines.ts'
export { masked } from './masked.ts'
export type { Completion, Mode, Taken } from './mode.ts'
export { isTooLong, needsMore } from './more.ts'
export { nearest, suggestion } from './nearest.ts'
export { endOfLinks, resolveNewFile } from './new-file.ts'
export { once } from './once.ts'
export { oneLine, pad, render } from './output.ts'
export { ownRequire } from './own-require.ts'
export type { LoadedPlugin } from './owner.ts'
export { createPace } from './pace.ts'
export { configFolder, expandHome, stateFolder } from './paths.ts'
export { untilSettled } from './pending.ts'
export { type Config, definePlugin, type Plugin } from './plugin.ts'
export { codeOf, interrupted, messageOf, Problem, usage } from './problem.ts'
export type { ChatChunk, ChatRequest, Explanation, Model, Provider, ProviderError, ProviderQuestion, ProviderSetup } from './provider.ts'
export type { Named, Registry } from './registry.ts'
export type { Screen, ScreenEvent } from './repl/screen.ts'
export { reportOf } from './report.ts'
export type { Script, ScriptApi, ScriptSession, SessionSelection } from './script.ts'
export { isSecretName, looksLikeKey, maskedName, maskedPath } from './secret-names.ts'
export { hasSelection, Selection, select, splitTags, toExpr } from './selection.ts'
export * from './session.ts'
export { sourcePlace } from './source-place.ts'
export * from './store.ts'
export { type CellStyle, type Column, table } from './table.ts'
export { temporaryFile } from './temporary-file.ts'
export * from './totals.ts'
export { loadModule } from './typescript.ts'
export { type Cost, isCost, isUsage, knownUsage, type Usage } from './usage.ts'
export { type Measure, measureAny, shorten } from './width.ts'
export { joinLines, quoteWord } from './words.ts'
export { type Limits, openWorker, type Task, type Worker } from './worker.ts'
export { DAY_MS, dayText, timeKeys, weekdayOf, type Zone, type ZoneChange, zoneOf } from './zone.ts'
