export {
  type Command,
  type CommandEntry,
  type Context,
  defineCommand,
  type LineOptions,
  loadCommand,
  type ShownText,
  type View,
} from './command/command.ts'
export { type Candidate, type Completer, completeWords } from './command/completion.ts'
export type { Format } from './command/format.ts'
export type { HelpPage, HelpSection } from './command/help.ts'
export { openWords, quoteRest } from './command/last-word.ts'
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
} from './command/lazy.ts'
export type { Completion, Mode, Taken } from './command/mode.ts'
export { isTooLong, needsMore } from './command/more.ts'
export type { ChatChunk, ChatRequest, Model, Provider, ProviderQuestion, ProviderSetup } from './command/provider.ts'
export { reportOf } from './command/report.ts'
export type { Script, ScriptApi, ScriptSession, SessionSelection } from './command/script.ts'
export { joinLines, quoteWord } from './command/words.ts'
export type { ConfigFile } from './config/config.ts'
export { SORT_KEYS } from './config/defaults.ts'
export { fileProblem } from './files/file-problem.ts'
export { makeFolder } from './files/folder.ts'
export { openInput } from './files/input-file.ts'
export { readLines, readText } from './files/lines.ts'
export { endOfLinks, resolveNewFile } from './files/new-file.ts'
export { configFolder, expandHome, stateFolder } from './files/paths.ts'
export { temporaryFile } from './files/temporary-file.ts'
export { collect } from './kernel/collect.ts'
export { type Evaluate, type Hooks, named, type Predicate, type QueryFunction } from './kernel/hooks.ts'
export type { Host } from './kernel/host.ts'
export { masked } from './kernel/masked.ts'
export { nearest, suggestion } from './kernel/nearest.ts'
export { once } from './kernel/once.ts'
export { ownRequire } from './kernel/own-require.ts'
export type { LoadedPlugin } from './kernel/owner.ts'
export { untilSettled } from './kernel/pending.ts'
export { type Config, definePlugin, type Plugin } from './kernel/plugin.ts'
export { codeOf, interrupted, messageOf, Problem, usage } from './kernel/problem.ts'
export type { Named, Registry } from './kernel/registry.ts'
export { isSecretName, looksLikeKey, maskedName, maskedPath } from './kernel/secret-names.ts'
export { sourcePlace } from './modules/source-place.ts'
export { loadModule } from './modules/typescript.ts'
export type { Asker } from './output/asker.ts'
export { harmless, harmlessPieces, type Pieces } from './output/harmless.ts'
export { jsonPieces } from './output/json-pieces.ts'
export { oneLine, pad, render } from './output/output.ts'
export { createPace } from './output/pace.ts'
export { type CellStyle, type Column, table } from './output/table.ts'
export { type Measure, measureAny, shorten } from './output/width.ts'
export { dateFlag, localTime, utcTime, withDates } from './session/dates.ts'
export { isTooDeep, MAX_DEPTH } from './session/depth.ts'
export { ExactNumber, parseForeignJson, parseJson, stringifyJson } from './session/exact.ts'
export { flag, Title, wholeNumber } from './session/fields.ts'
export { findId, findIds, type Scope, type Titles } from './session/find.ts'
export { newMessageId, newSessionId, SESSION_ID } from './session/ids.ts'
export { toJson } from './session/json.ts'
export { hasSelection, Selection, select, splitTags, toExpr } from './session/selection.ts'
export * from './session/session.ts'
export * from './session/store.ts'
export * from './session/totals.ts'
export { type Cost, isCost, isUsage, knownUsage, type Usage } from './session/usage.ts'
export { DAY_MS, dayText, timeKeys, weekdayOf, type Zone, type ZoneChange, zoneOf } from './session/zone.ts'
export { type History, openHistory } from './shell/history.ts'
export type { Screen, ScreenEvent } from './shell/screen.ts'
export { type Limits, openWorker, type Task, type Worker } from './thread/worker.ts'
