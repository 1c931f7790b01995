import fs from 'node:fs'
import path from 'node:path'
import type { Host } from '../../core/index.ts'
import { search } from '../../plugins/search/search.ts'
import { accessTo } from '../../plugins/sqlite/index.ts'
import { hostOn, sqlite } from '../host.ts'
import { median, program, type RunNode, runInTurn } from './run.ts'
import { type Row, ratioRow, timeRow } from './table.ts'

const ROUNDS = 15
const WORDS = 40
/** A word in a fifth of the generated messages. */
const COMMON = 'failing'

/** Measures searches for rare and frequent words, as a command and in a running process, compared with a plain FTS5 query. */
export async function measureSearch(node: RunNode, database: string, sessions: string): Promise<Row[]> {
  const host = hostOn(database)
  const rare = await rareWords(host)
  const rows = [...oneShot(node, database, rare[0] as string, sessions), await inShell(host, rare, sessions)]
  rows.push(timeRow(`… of a word of very many messages, ${sessions} sessions`, await medianOf(5, () => page(host, COMMON)), 300))
  await host.close()
  return rows
}

function oneShot(node: RunNode, database: string, word: string, sessions: string): Row[] {
  const runs = runInTurn(ROUNDS, {
    search: () => node(program('session', 'search', word), { database }),
    text: () => node(program('session', 'list', '--text', word), { database }),
    nothing: () => node(['-e', '0']),
  })
  return [
    ratioRow(`\`session search\` of a rare word, ${sessions} sessions / \`node -e 0\``, median(runs.search), median(runs.nothing), 2.5),
    ratioRow('`session list --text` of it / the search', median(runs.text), median(runs.search), 2),
  ]
}

async function inShell(host: Host, words: string[], sessions: string): Promise<Row> {
  const access = await accessTo(host)
  const raw = access?.connection.prepare('select rowid from search_index where search_index match ? order by rowid desc limit 20')
  const reference = await medianOf(words.length, (i) => raw?.all(`"${words[i]}"`))
  const own = await medianOf(words.length, (i) => page(host, words[i] as string))
  return timeRow(`the same in the shell, ${sessions} sessions`, own, Math.round(20 * reference + 20) / 10, reference)
}

const page = (host: Host, words: string) =>
  search(host, words, { where: { trashed: false }, limit: 20, signal: new AbortController().signal, progress: () => undefined })

async function medianOf(rounds: number, work: (round: number) => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await work(round)
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[times.length >> 1] as number
}

/** Returns words that are in 2 to 20 messages each. */
async function rareWords(host: Host): Promise<string[]> {
  await page(host, COMMON)
  const access = await accessTo(host)
  access?.connection.exec('create virtual table temp.bench_words using fts5vocab(main, search_index, row)')
  const words = access?.connection
    .prepare(`select term from temp.bench_words where doc between 2 and 20 and term glob '[a-z0-9]*' limit ${WORDS}`)
    .pluck()
    .all() as string[]
  access?.connection.exec('drop table temp.bench_words')
  return words
}

/** Measures the cost of the index: the time in an import, the space on the disk, and the time of appending a message. */
export async function measureIndex(node: RunNode, file: string, folder: string): Promise<Row[]> {
  const database = path.join(folder, 'indexed.db')
  const runs = runInTurn(3, {
    import: () => {
      for (const end of ['', '-wal', '-shm']) fs.rmSync(database + end, { force: true })
      return node(program('session', 'import', '-i', file), { database })
    },
    index: () => node(program('doctor', '--reindex'), { database }),
    check: () => node(program('doctor'), { database }),
  })
  const whole = median(runs.import)
  const index = median(runs.index) - median(runs.check)
  return [
    ratioRow('import with the search index / without it', whole, whole - index, 1.6),
    await sizeRow(database),
    timeRow('… of appending a message', (await append(database, true)) - (await append(database, false)), 0.3),
  ]
}

async function sizeRow(database: string): Promise<Row> {
  const host = hostOn(database)
  const access = await accessTo(host)
  const bytes = (query: string) => access?.connection.prepare(query).pluck().get() as number
  const index = bytes("select sum(pgsize) from dbstat where name like 'search%'")
  const text = bytes('select sum(octet_length(content)) from messages')
  await host.close()
  const megabytes = (count: number) => `${(count / 1e6).toFixed(0)} MB`
  return {
    what: 'size of the index / of the texts',
    ours: megabytes(index),
    reference: megabytes(text),
    ratio: index / text,
    value: index / text,
    budget: 0.45,
  }
}

const APPENDED = 200

async function append(database: string, withSearch: boolean): Promise<number> {
  const host = withSearch ? hostOn(database) : hostOn(database, [sqlite])
  const store = await host.store()
  // Waiting for the disk would take most of the time, and the time of each wait differs.
  ;(await accessTo(host))?.connection.pragma('synchronous = off')
  const [id] = await store.allIds()
  const content = 'A reply of usual length about caching, retries and why the third test fails. '.repeat(5)
  const ms = await medianOf(APPENDED, (round) => {
    const timestamp = new Date().toISOString()
    return store.save([{ id: id as string, append: [{ id: `bench${withSearch}${round}`, role: 'user', content, timestamp }] }])
  })
  await host.close()
  return ms
}
