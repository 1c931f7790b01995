import fs from 'node:fs'
import path from 'node:path'
import { checkSame, median, peakOf, plainScript, program, type Run, type RunNode, runInTurn } from './run.ts'
import { peakRow, type Row, ratioRow } from './table.ts'

const ROUNDS = 5
const LARGE_ROUNDS = 3
const EXPORT_MB = 150
const IMPORT_MB = 200

/** Measures `export --all`, compared with a plain script that writes the same bytes. The exported file remains. */
export function measureExport(node: RunNode, database: string, file: string, sessions: string, rounds = ROUNDS): Row[] {
  const copy = `${file}.plain`
  const runs = runInTurn(rounds, {
    ours: () => node(program('session', 'export', '--all', '-o', file), { database, measurePeak: true }),
    plain: () => node(plainScript('export', database, copy), { measurePeak: true }),
  })
  checkSame(file, copy)
  fs.rmSync(copy)
  return [
    ratioRow(`export --all, ${sessions} sessions / plain script`, median(runs.ours), median(runs.plain), 1.5),
    peakRow('… peak memory', peakOf(runs.ours), EXPORT_MB, peakOf(runs.plain)),
  ]
}

/** Measures the export of 100,000 sessions. */
export const measureLargeExport = (node: RunNode, database: string, file: string) =>
  measureExport(node, database, file, '100,000', LARGE_ROUNDS)

/** Measures the import of an export, compared with a plain script that parses the whole file. Both start with an empty database of the program. */
export function measureImport(node: RunNode, file: string, folder: string): Row[] {
  const empty = emptyDatabase(node, folder)
  const [database, copy] = [path.join(folder, 'imported.db'), path.join(folder, 'imported-plain.db')]
  const withEmptyDatabase = (target: string, run: () => Run) => () => {
    removeDatabase(target)
    fs.copyFileSync(empty, target)
    return run()
  }
  const runs = runInTurn(ROUNDS, {
    ours: withEmptyDatabase(database, () => node(program('session', 'import', '-i', file), { database, measurePeak: true })),
    plain: withEmptyDatabase(copy, () => node(plainScript('import', file, copy), { measurePeak: true })),
  })
  for (const each of [database, copy]) checkContent(node, each, file)
  return [
    // The budget is 2 without the search index, times 1.6 for the index.
    ratioRow('import of that file and its search index / plain script', median(runs.ours), median(runs.plain), 3.2),
    peakRow('… peak memory', peakOf(runs.ours), IMPORT_MB, peakOf(runs.plain)),
  ]
}

/** Creates the row of a large import. A plain script is missing, because the file is longer than the longest string. */
export const largeImportRow = ({ peak = 0 }: Run) => peakRow('import, 100,000 sessions: peak memory', peak, IMPORT_MB)

/** Creates an empty database with the program. The database is one file, without a -wal file. */
function emptyDatabase(node: RunNode, folder: string): string {
  const database = path.join(folder, 'empty.db')
  node(program('session', 'list'), { database })
  if (fs.existsSync(`${database}-wal`)) throw new Error('the empty database has a -wal file')
  return database
}

function checkContent(node: RunNode, database: string, file: string): void {
  const exported = `${file}.exported`
  node(plainScript('export', database, exported))
  checkSame(exported, file)
  fs.rmSync(exported)
  removeDatabase(database)
}

/** Removes a database with its -wal and -shm files. */
export function removeDatabase(database: string): void {
  for (const end of ['', '-wal', '-shm']) fs.rmSync(database + end, { force: true })
}
