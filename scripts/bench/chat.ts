import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { createRunNode, median, medianOfNumbers, peakOf, plainScript, program, type RunNode, runInTurn } from './run.ts'
import { peakRow, type Row, ratioRow, timeRow } from './table.ts'

const ROUNDS = 25
const STREAM_ROUNDS = 5
const RESUME_ROUNDS = 15
const PROVIDERS = ['anthropic', 'openai', 'gemini', 'ollama']
const LONG = 20_000
const SHORT = 2_000

/** Measures chats with a server on loopback that answers at once. */
export async function measureChat(folder: string): Promise<Row[]> {
  const server = await startServer()
  const env = {
    ...{ ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'k', GEMINI_API_KEY: 'k' },
    ...{
      ANTHROPIC_BASE_URL: server.url,
      OPENAI_BASE_URL: `${server.url}/v1`,
      GEMINI_BASE_URL: `${server.url}/v1beta`,
      OLLAMA_HOST: server.url,
    },
  }
  const node = createRunNode(folder, env)
  try {
    const rows = [...measureStarts(node, folder, server), ...measureLength(node, folder)]
    rows.push(await measureDelay(folder, env, server), ...(await measureResume(node, folder, server)))
    return rows
  } finally {
    server.end()
  }
}

interface Server {
  url: string
  /** Waits for the next request. Returns the time at which the server read the last request, in nanoseconds. */
  nextRequest(): Promise<bigint>
  end(): void
}

async function startServer(): Promise<Server> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'model-server.cjs')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> })
  reader.on('line', (line) => lines.push(line))
  await once(reader, 'line')
  let seen = lines.length
  return {
    url: `http://127.0.0.1:${lines[0]}`,
    async nextRequest() {
      while (lines.length === seen) await once(reader, 'line')
      seen = lines.length
      return BigInt(lines.at(-1) as string)
    },
    end: () => child.kill(),
  }
}

const chat = (provider: string, model: string, ...more: string[]) =>
  program('chat', '--provider', provider, '--model', model, ...more, 'hi')

function measureStarts(node: RunNode, folder: string, { url }: Server): Row[] {
  const database = path.join(folder, 'chat.db')
  const each = PROVIDERS.map((name) => [name, () => node(chat(name, 'say-1'), { database })] as const)
  // The first 12 starts fill V8's code cache.
  for (let i = 0; i < 12; i++) for (const [, run] of each) run()
  const runs = runInTurn(ROUNDS, {
    ...Object.fromEntries(each),
    nothing: () => node(['-e', '0']),
    plain: () => node(plainScript('fetch', `${url}/v1/messages`, 'say-1')),
  } as Record<string, () => ReturnType<RunNode>>)
  const nothing = median(runs.nothing ?? [])
  return [
    ...PROVIDERS.map((name) => ratioRow(`\`chat "hi"\` with ${name} / \`node -e 0\``, median(runs[name] ?? []), nothing, 6)),
    ratioRow('… plain script with fetch / `node -e 0`', median(runs.plain ?? []), nothing),
  ]
}

/** Measures replies in many pieces: the time of a piece, and the peak memory. */
function measureLength(node: RunNode, folder: string): Row[] {
  const database = path.join(folder, 'long.db')
  const ask = (pieces: number) => () => node(chat('anthropic', `say-${pieces}`), { database, measurePeak: true })
  const runs = runInTurn(STREAM_ROUNDS, { one: ask(1), short: ask(SHORT), long: ask(LONG) })
  const each = (name: 'short' | 'long', pieces: number) => (median(runs[name]) - median(runs.one)) / pieces
  return [
    ratioRow('a piece of a reply of 20,000 / of 2,000', each('long', LONG), each('short', SHORT), 1.2),
    peakRow('peak memory of a reply of 20,000 pieces', peakOf(runs.long), 150),
  ]
}

/** Measures how much later the program prints a piece than a plain script. */
async function measureDelay(folder: string, env: NodeJS.ProcessEnv, { url }: Server): Promise<Row> {
  const delays = async (words: string[]) => {
    const own = { PATH: process.env.PATH, HOME: folder, ...env, AINATIVE_DB_PATH: path.join(folder, 'delay.db') }
    const child = spawn(process.execPath, words, { env: own, stdio: ['ignore', 'pipe', 'inherit'] })
    const times: number[] = []
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      for (const [time] of text.matchAll(/\d{12,}/g)) times.push(Number(process.hrtime.bigint() - BigInt(time)) / 1e6)
    })
    await once(child, 'close')
    return medianOfNumbers(times)
  }
  const reference = await delays(plainScript('fetch', `${url}/v1/messages`, 'timed-400'))
  return timeRow(
    'our own delay of a piece, at the median, while storing',
    (await delays(chat('anthropic', 'timed-400'))) - reference,
    1,
    reference,
  )
}

const TEXT = 'A message of some length, as people write them to a model, and as it answers. '.repeat(3)

/**
 * Measures the time from the start to the request, in sessions of 10 and of 10,000 messages. A plain script that posts the same number of
 * messages measures the part of the JSON.
 */
async function measureResume(node: RunNode, folder: string, server: Server): Promise<Row[]> {
  const database = path.join(folder, 'resume.db')
  const toRequest = async (words: string[]) => {
    const start = process.hrtime.bigint()
    node(words, { database })
    return Number((await server.nextRequest()) - start) / 1e6
  }
  const each: Record<string, string[]> = {}
  for (const count of [10, 10_000]) {
    each[`program ${count}`] = chat('ollama', 'say-1', '--no-save', '-s', importTalk(node, folder, database, count))
    each[`plain ${count}`] = plainScript('post', `${server.url}/api/chat`, String(count), TEXT)
  }
  const times: Record<string, number[]> = {}
  for (let round = 0; round <= RESUME_ROUNDS; round++) {
    for (const [name, words] of Object.entries(each)) {
      const ms = await toRequest(words)
      if (round > 0) times[name] = [...(times[name] ?? []), ms]
    }
  }
  const took = (name: string) => medianOfNumbers(times[name] ?? [])
  const json = took('plain 10000') - took('plain 10')
  return [
    ratioRow('from start to request, 10,000 messages / 10 messages and the JSON', took('program 10000'), took('program 10') + json, 1.5),
  ]
}

/** Imports a session with this number of messages. Returns the id. */
function importTalk(node: RunNode, folder: string, database: string, count: number): string {
  const timestamp = '2026-01-01T00:00:00Z'
  const messages = Array.from({ length: count }, (_, i) => ({ role: i % 2 ? 'assistant' : 'user', content: `${i} ${TEXT}`, timestamp }))
  const id = `resume${String(count).padStart(6, '0')}`
  const file = path.join(folder, `${id}.json`)
  fs.writeFileSync(file, JSON.stringify({ id, title: id, created_at: timestamp, updated_at: timestamp, messages }))
  node(program('session', 'import', '-i', file), { database })
  return id
}
