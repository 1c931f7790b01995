import fs from 'node:fs'
import path from 'node:path'
import { checkSame, interleave, median, type Node, ours, peakOf, plain, type Run } from './run.ts'
import { peakRow, type Row, ratioRow } from './table.ts'

const ROUNDS = 5
const LARGE_ROUNDS = 3
const EXPORT_MB = 150
const IMPORT_MB = 200

/** Export of all beside a plain script that writes the same bytes. Leaves the file. */
export function measureExport(node: Node, database: string, file: string, sessions: string, rounds = ROUNDS): Row[] {
  const copy = `${file}.plain`
  const runs = interleave(rounds, {
    ours: () => node(ours('session', 'export', '--all', '-o', file), { database, measurePeak: true }),
    plain: () => node(plain('export', database, copy), { measurePeak: true }),
  })
  checkSame(file, copy)
  fs.rmSync(copy)
  return [
    ratioRow(`export --all, ${sessions} sessions / plain script`, median(runs.ours), median(runs.plain), 1.5),
    peakRow('… peak memory', peakOf(runs.ours), EXPORT_MB, peakOf(runs.plain)),
  ]
}

export const measureLargeExport = (node: Node, database: string, file: string) =>
  measureExport(node, database, file, '100,000', LARGE_ROUNDS)

/** Import of an export beside a plain script that parses it whole; each begins with an empty database made by the program. */
export function measureImport(node: Node, file: string, folder: string): Row[] {
  const empty = emptyDatabase(node, folder)
  const [database, copy] = [path.join(folder, 'imported.db'), path.join(folder, 'imported-plain.db')]
  const afresh = (target: string, run: () => Run) => () => {
    removeDatabase(target)
    fs.copyFileSync(empty, target)
    return run()
  }
  const runs = interleave(ROUNDS, {
    ours: afresh(database, () => node(ours('session', 'import', '-i', file), { database, measurePeak: true })),
    plain: afresh(copy, () => node(plain('import', file, copy), { measurePeak: true })),
  })
  for (const each of [database, copy]) checkHolds(node, each, file)
  return [
    // Without the search index it may take twice as long, and with it 1.6 times that.
    ratioRow('import of that file and its search index / plain script', median(runs.ours), median(runs.plain), 3.2),
    peakRow('… peak memory', peakOf(runs.ours), IMPORT_MB, peakOf(runs.plain)),
  ]
}

/** Import of a file too large for a string, so that no plain script stands beside it. */
export const largeImportRow = ({ peak = 0 }: Run) => peakRow('import, 100,000 sessions: peak memory', peak, IMPORT_MB)

/** A database as the program makes it, its log written back into one file. */
function emptyDatabase(node: Node, folder: string): string {
  const database = path.join(folder, 'empty.db')
  node(ours('session', 'list'), { database })
  if (fs.existsSync(`${database}-wal`)) throw new Error('the empty database has a log of its own')
  return database
}

function checkHolds(node: Node, database: string, file: string): void {
  const held = `${file}.held`
  node(plain('export', database, held))
  checkSame(held, file)
  fs.rmSync(held)
  removeDatabase(database)
}

export function removeDatabase(database: string): void {
  for (const end of ['', '-wal', '-shm']) fs.rmSync(database + end, { force: true })
}
