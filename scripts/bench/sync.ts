import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { openCounter } from './query-counter.ts'
import { createRunNode, median, peakOf, plainScript, program, type RunNode, runInTurn } from './run.ts'
import { peakRow, type Row, ratioRow } from './table.ts'
import { removeDatabase } from './transfer.ts'

const execFileAsync = promisify(execFile)

const ROUNDS = 3
const COMMAND_ROUNDS = 25
const PEAK_MB = 200

/** A server of `zerodb start` that runs during the benchmark. */
interface Server {
  /** The URL of the superuser. */
  admin: string
  /** Adds a user. Returns an environment whose endpoint is that of the user. */
  user(): { node: RunNode; endpoint: string }
  stop(): void
}

/** Measures sync with a real PostgreSQL on loopback. Does not change `database`. */
export async function measureSync(database: string, folder: string, sessions: string): Promise<Row[]> {
  const server = startServer(folder)
  try {
    const synced = path.join(folder, 'synced.db')
    const transfer = measureTransfer(server, { database, folder, synced, sessions })
    return [...transfer, await measureIdleSync(server, synced, folder), ...measureCommand(server, database, folder)]
  } finally {
    server.stop()
  }
}

function startServer(folder: string): Server {
  // The user that runs PostgreSQL needs access to the folder.
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-bench-'))
  fs.chmodSync(data, 0o711)
  const node = createRunNode(folder)
  const started = JSON.parse(node(program('zerodb', 'start', '--data', data, '--json')).stdout)
  const admin = fs.readFileSync(started.admin, 'utf8').trim()
  const asAdmin = createRunNode(folder, { AINATIVE_ZERODB_ADMIN: admin })
  let users = 0
  return {
    admin,
    user() {
      const { endpoint } = JSON.parse(asAdmin(program('zerodb', 'user', 'add', `bench${++users}`, '--json')).stdout)
      return { node: createRunNode(folder, { AINATIVE_ZERODB_ENDPOINT: endpoint }), endpoint }
    },
    stop() {
      node(program('zerodb', 'stop', '--data', data))
      fs.rmSync(data, { recursive: true, force: true })
    },
  }
}

interface Data {
  database: string
  folder: string
  /** The path of the copy of the database that is pushed. */
  synced: string
  sessions: string
}

/** Measures the first push and the first pull, each compared with a plain script that transfers the same rows. */
function measureTransfer(server: Server, { database, folder, synced, sessions }: Data): Row[] {
  const [pulled, copy, empty] = [path.join(folder, 'pulled.db'), path.join(folder, 'pulled-plain.db'), path.join(folder, 'empty.db')]
  createRunNode(folder)(program('session', 'list'), { database: empty })
  let account = server.user()
  const runs = runInTurn(ROUNDS, {
    push() {
      account = server.user()
      copyTo(synced, database)
      return account.node(program('session', 'sync', '--push'), { database: synced, measurePeak: true })
    },
    plainPush: () => account.node(plainScript('push', synced, server.admin), { measurePeak: true }),
    pull() {
      copyTo(pulled, empty)
      return account.node(program('session', 'sync', '--pull'), { database: pulled, measurePeak: true })
    },
    plainPull() {
      copyTo(copy, empty)
      return account.node(plainScript('pull', server.admin, copy), { measurePeak: true })
    },
  })
  const list = (file: string) => account.node(program('query', '$count(sessions.messages)'), { database: file }).stdout
  if (new Set([synced, pulled, copy].map(list)).size > 1) throw new Error('the pulls and the push have different numbers of messages')
  return [
    ratioRow(`first push, ${sessions} sessions / bare inserts`, median(runs.push), median(runs.plainPush), 1.67),
    peakRow('… peak memory', peakOf(runs.push), PEAK_MB, peakOf(runs.plainPush)),
    ratioRow(`first pull, ${sessions} sessions / bare reads and inserts`, median(runs.pull), median(runs.plainPull), 2),
    peakRow('… peak memory', peakOf(runs.pull), PEAK_MB, peakOf(runs.plainPull)),
  ]
}

function copyTo(target: string, source: string): void {
  removeDatabase(target)
  fs.copyFileSync(source, target)
}

/** Counts the round trips of a sync that has nothing to do. */
async function measureIdleSync({ user }: Server, synced: string, folder: string): Promise<Row> {
  const { node, endpoint } = user()
  node(program('session', 'sync'), { database: synced })
  const counter = await openCounter(endpoint)
  // The port is part of the account's identity: through the proxy, this is another account, so that its first sync does not count.
  const env = { ...process.env, HOME: folder, AINATIVE_DB_PATH: synced, AINATIVE_ZERODB_ENDPOINT: counter.endpoint }
  const sync = () => execFileAsync(process.execPath, program('session', 'sync'), { env })
  await sync()
  const before = counter.count()
  const { stdout } = await sync()
  const trips = counter.count() - before
  counter.close()
  if (!stdout.startsWith('No changes; in sync')) throw new Error(`the sync had something to do: ${stdout}`)
  return { what: 'round trips of a sync with nothing to do', ours: String(trips), reference: '', value: trips, budget: 1, unit: 'trips' }
}

/** Measures a command that writes: with automatic sync, with `sync.auto: false`, and in a database that was never synced. */
function measureCommand({ user }: Server, database: string, folder: string): Row[] {
  const node = createRunNode(folder)
  const prepare = (name: string, auto: boolean) => {
    const [home, file] = [path.join(folder, name), path.join(folder, `${name}.db`)]
    fs.mkdirSync(path.join(home, '.config/ainative-code'), { recursive: true })
    const config = `services:\n  zerodb:\n    enabled: true\n    endpoint: ${user().endpoint}\n    sync: { auto: ${auto} }\n`
    fs.writeFileSync(path.join(home, '.config/ainative-code/config.yaml'), config)
    copyTo(file, database)
    return { home, database: file }
  }
  const create = (options: { home: string; database: string }) => () => node(program('session', 'create', '--title', 'T'), options)
  const [auto, manual, never] = [prepare('auto', true), prepare('manual', false), prepare('never', false)]
  for (const each of [auto, manual]) node(program('session', 'sync'), each)
  const runs = runInTurn(COMMAND_ROUNDS, {
    auto: create(auto),
    // Waits for the sync in the background, which would slow down the next measurement.
    wait: () => node(program('session', 'sync'), auto),
    manual: create(manual),
    never: create(never),
  })
  return [
    ratioRow('`session create` with automatic sync / without', median(runs.auto), median(runs.manual), 1.1),
    ratioRow('… without automatic sync / in a database without sync', median(runs.manual), median(runs.never)),
  ]
}
