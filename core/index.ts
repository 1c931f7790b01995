// The public API: `import … from 'ainative-code'`.

export { defineCommand, loadCommand } from './command/command.ts'
export { completeSchema, completeValue, completeWords } from './command/completion.ts'
export { isTooLong, needsMore } from './command/continuation.ts'
export { textCommand } from './command/find-command.ts'
export type { HelpPage, HelpSection } from './command/help.ts'
export {
  configChecks,
  configReader,
  copyText,
  editor,
  helpTexts,
  jsonColors,
  openAsker,
  outputFiles,
  projects,
  userConfigFile,
} from './command/lazy-modules.ts'
export { openWords, quoteRest, UNQUOTED } from './command/open-words.ts'
export { reportOf, SIGNAL_CODES } from './command/report.ts'
export { contextFor, isCommand } from './command/run-line.ts'
export type { Script, ScriptApi, ScriptSession, SessionSelection } from './command/script.ts'
export { suggestCommand } from './command/suggest-command.ts'
export { joinLines, quoteWord, splitWords } from './command/words.ts'
export { SORT_KEYS } from './config/defaults.ts'
export { readBlock } from './config/read-block.ts'
export type { ConfigFile, Defaults } from './contract/config.ts'
export type { Format } from './contract/format.ts'
export type {
  BoundKey,
  Command,
  CommandEntry,
  Completer,
  Config,
  Context,
  Hooks,
  Host,
  Io,
  LoadedPlugin,
  Mode,
  Plugin,
  Start,
  Task,
  Terminal,
} from './contract/host.ts'
export type { ImportedSession, Importer } from './contract/importer.ts'
export type { Expr, Plan, SortKey, TimeField } from './contract/plan.ts'
export type {
  ChatChunk,
  ChatRequest,
  Explanation,
  Model,
  Provider,
  ProviderError,
  ProviderQuestion,
  ProviderSetup,
} from './contract/provider.ts'
export type { Evaluate, Predicate, QueryFunction } from './contract/query.ts'
export type { Named, Registry } from './contract/registry.ts'
export type { Json, Message, Role, Session, Status, Transcript } from './contract/session.ts'
export type {
  Change,
  Import,
  ImportMode,
  ImportResult,
  MessageRange,
  ModelMessage,
  NewMessage,
  NewSession,
  Parent,
  Piece,
  SessionFields,
  Store,
  ValueField,
  Watcher,
} from './contract/store.ts'
export type { Aggregate, Band, BucketKey, Figure, GroupKey, TimeKey, Totals, TotalsRow } from './contract/totals.ts'
export type { Cost, Usage } from './contract/usage.ts'
export type { Candidate, Completion, LineOptions, LinesRead, RowStream, ShownText, TextOutput, View } from './contract/view.ts'

export { fileProblem } from './files/file-problem.ts'
export { makeFolder } from './files/folder.ts'
export { openInput } from './files/input-file.ts'
export { decodeText, readLines, readText } from './files/lines.ts'
export { endOfLinks, resolveNewFile } from './files/new-file.ts'
export { configFolder, expandHome, stateFolder } from './files/paths.ts'
export { replacePrivateFile } from './files/replace-file.ts'
export { sleepSync } from './files/sleep.ts'
export { temporaryFile } from './files/temporary-file.ts'
export { exitProcess } from './kernel/exit.ts'
export { isTapped, named } from './kernel/hooks.ts'
export { nearest, notFound, suggestion } from './kernel/nearest.ts'
export { once } from './kernel/once.ts'
export { untilSettled } from './kernel/pending-promises.ts'
export { definePlugin } from './kernel/plugin.ts'
export { codeOf, interrupted, messageOf, Problem, usage } from './kernel/problem.ts'
export type { PluginCode, ProblemCode } from './kernel/problem-codes.ts'
export { interruptible } from './kernel/time-limit.ts'
export { loadModule } from './modules/load-module.ts'
export { ownRequire } from './modules/own-require.ts'
export { sourcePlace } from './modules/source-place.ts'
export { asciiDrawing, hasUnicode } from './output/ascii-drawing.ts'
export type { Asker } from './output/asker.ts'
export { oneLine, pad } from './output/cells.ts'
export { controlEscaper, escapeControls, type Pieces } from './output/escape-controls.ts'
export { jsonPieces } from './output/json-pieces.ts'
export { maskSecrets } from './output/mask-settings.ts'
export { createPace } from './output/pace.ts'
export { plural } from './output/plural.ts'
export { render } from './output/render.ts'
export { isMode, isSecretName, looksLikeKey, maskedName, maskedPath } from './output/secret-names.ts'
export { isStream } from './output/streams.ts'
export { type CellStyle, type Column, table } from './output/table.ts'
export { type Measure, measureAny, shorten } from './output/width.ts'
export { outputWriter } from './output/write.ts'
export { collect } from './session/collect.ts'
export { dateFlag, localTime, utcTime, withDates } from './session/dates.ts'
export { isTooDeep, MAX_DEPTH } from './session/depth.ts'
export { ExactNumber, parseForeignJson, parseJson, stringifyJson } from './session/exact-number.ts'
export { flag, nonBlank, Title, wholeNumber } from './session/fields.ts'
export { findId, findIds } from './session/find.ts'
export { newMessageId, newSessionId, SESSION_ID } from './session/ids.ts'
export { toJson } from './session/json.ts'
export { isLocalOnly, LOCAL_ONLY } from './session/local-only.ts'
export type { Scope, Titles } from './session/scope.ts'
export { hasSelection, resolveSelection, Selection, select, splitTags, toExpr } from './session/selection.ts'
export * from './session/session.ts'
export { DAY_MS, dayText, timeKeys, weekdayOf, type Zone, type ZoneChange, zoneOf } from './session/time-zone.ts'
export { isCost, isUsage, knownUsage } from './session/usage.ts'
export { type Limits, openWorker, type Worker } from './thread/worker.ts'
export type { WorkerTexts } from './thread/worker-process.ts'
