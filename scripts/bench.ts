import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { measureChat } from './bench/chat.ts'
import { measureFilters } from './bench/filters.ts'
import { measurePicker } from './bench/picker.ts'
import { measurePlugins } from './bench/plugins.ts'
import { createRunNode, logProgress, program, type RunNode, root } from './bench/run.ts'
import { measureScripting } from './bench/scripting.ts'
import { measureIndex, measureSearch } from './bench/search.ts'
import { measureShell } from './bench/shell.ts'
import { measureStarts } from './bench/starts.ts'
import { measureStats } from './bench/stats.ts'
import { measureSync } from './bench/sync.ts'
import { markdown, type Row } from './bench/table.ts'
import { largeImportRow, measureExport, measureImport, measureLargeExport } from './bench/transfer.ts'
import { writeSeed } from './seed.ts'

/** Measures the built program and references, which run in turn. `--quick` omits the rows with 100,000 sessions. */
const quick = process.argv.includes('--quick')
const base = path.join(root, '.bench')
fs.mkdirSync(base, { recursive: true })
const folder = fs.mkdtempSync(path.join(base, 'run-'))
process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
process.once('SIGINT', () => process.exit(130))

const node = createRunNode(folder)
const at = (name: string) => path.join(folder, name)
const rows: Row[] = []

logProgress('10,000 sessions: seed and import')
const { database: small } = imported(node, 10_000)
logProgress('starts')
rows.push(...measureStarts(node, small))
logProgress('picker')
rows.push(...(await measurePicker(small, folder, '10,000')))
logProgress('statistics')
rows.push(...measureStats(node, small, '10,000'))
logProgress('plugins')
rows.push(...measurePlugins(node, small, folder))
logProgress('shell')
rows.push(...(await measureShell(node, small, folder)))
logProgress('chat')
rows.push(...(await measureChat(folder)))
logProgress('scripts')
rows.push(...measureScripting(node, small, folder))
logProgress('export and import')
rows.push(...measureExport(node, small, at('10000.json'), '10,000'), ...measureImport(node, at('10000.json'), folder))
logProgress('search')
rows.push(...(await measureSearch(node, small, '10,000')), ...(await measureIndex(node, at('10000.json'), folder)))
logProgress('sync')
const { database: synced } = quick ? imported(node, 1000) : { database: small }
rows.push(...(await measureSync(synced, folder, quick ? '1,000' : '10,000')))
if (!quick) {
  logProgress('100,000 sessions: seed and import')
  const { database: large, run } = imported(node, 100_000)
  logProgress('export')
  rows.push(largeImportRow(run), ...measureLargeExport(node, large, at('100000.json')))
  logProgress('search')
  rows.push(...(await measureSearch(node, large, '100,000')))
  logProgress('picker')
  rows.push(...(await measurePicker(large, folder, '100,000')))
  logProgress('statistics')
  rows.push(...measureStats(node, large, '100,000'))
  logProgress('filters and sorts')
  rows.push(...measureFilters(node, large, small))
}
process.stdout.write(`${machine()}\n\n${markdown(rows)}`)

/** Generates sessions and imports them into a new database. */
function imported(node: RunNode, sessions: number) {
  const [seed, database] = [at('seed.json'), at(`${sessions}.db`)]
  writeSeed(seed, { sessions })
  const run = node(program('session', 'import', '-i', seed), { database, measurePeak: true })
  fs.rmSync(seed)
  return { database, run }
}

function machine(): string {
  const cpus = os.cpus()
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`
  return `${cpus[0]?.model.trim()}, ${cpus.length} cores, ${memory}, Node ${process.version}, ${os.type()} ${os.release()}`
}
