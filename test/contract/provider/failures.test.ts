import dns from 'node:dns'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Home, type Result, root } from '../../helpers/cli.ts'
import { expectProblem } from '../../helpers/problem.ts'
import { thin } from '../../helpers/thin.ts'
import { hasFailure, type Kind, openModel } from '../../helpers/wire/server.ts'
import { homeFor, openChat, runHereFor } from './chat.ts'
import { KEY, ROWS, type Row } from './rows.ts'

const KINDS: Kind[] = ['unauthorized', 'no-model', 'rate-limit', 'overloaded', 'server', 'too-long', 'filtered', 'quota']
const AGAIN: Kind[] = ['rate-limit', 'overloaded', 'server']

interface Words {
  /** What happened, without what the provider says of it. */
  what?: string
  hint?: string
}

/** The words of a failure, which has no other output. */
function wordsOf(result: Result): Words {
  expectProblem({ ...result, stdout: result.stdout.trim() }, 1)
  expect(result.stderr).not.toContain(KEY)
  const { what, hint } = /^error: (?<what>[^:]*).*\nhint: (?<hint>.*)$/m.exec(result.stderr)?.groups ?? {}
  return { what, hint }
}

function expectDistinct(words: Record<string, Words>): void {
  for (const part of ['what', 'hint'] as const) {
    const seen = Object.values(words).map((each) => each[part])
    expect(new Set(seen).size, JSON.stringify(words, null, 1)).toBe(seen.length)
    expect(seen, JSON.stringify(words, null, 1)).not.toContain(undefined)
  }
}

async function failuresOf(row: Row): Promise<Record<string, Words>> {
  const words: Record<string, Words> = {}
  for (const kind of KINDS.filter((kind) => hasFailure(row.wire, kind))) {
    const { askHere, model } = await openChat(row)
    model.reply({ failure: kind, retryAfter: 0 })
    words[kind] = wordsOf(await askHere('hi'))
    expect([kind, model.requests.length]).toEqual([kind, AGAIN.includes(kind) ? 3 : 1])
  }
  return words
}

test.each(ROWS)('each failure of $label has its own message and hint', async (row) => expectDistinct(await failuresOf(row)))

test('what the failures say', async () => {
  expect(await failuresOf(ROWS[0]!)).toMatchInlineSnapshot(`
    {
      "filtered": {
        "hint": "rephrase the message, or choose another model with --model",
        "what": "the content filter of anthropic refused the request",
      },
      "no-model": {
        "hint": "ainative-code models anthropic lists its models",
        "what": "anthropic has no such model",
      },
      "overloaded": {
        "hint": "try again later, or choose another model with --model",
        "what": "anthropic is overloaded",
      },
      "quota": {
        "hint": "see the billing page of your account at anthropic",
        "what": "the account at anthropic has no credit left",
      },
      "rate-limit": {
        "hint": "wait a minute, or choose another model with --model",
        "what": "the rate limit of anthropic is reached",
      },
      "server": {
        "hint": "the error is on the side of anthropic; try again later",
        "what": "anthropic failed (500)",
      },
      "too-long": {
        "hint": "--context 20 sends only the last 20 messages; ainative-code session fork starts a shorter session",
        "what": "the conversation is too long for the model of anthropic",
      },
      "unauthorized": {
        "hint": "ainative-code provider list shows where the key comes from",
        "what": "anthropic refused the key (401)",
      },
    }
  `)
})

test.each(ROWS)('a page of a proxy before $label is told in a line', async (row) => {
  const { askHere, model, stored } = await openChat(row)
  // A plugin of a user's has its key for itself.
  const body = row.plugin ? 'nginx' : KEY
  model.reply({ html: `<html><head><title>502 Bad Gateway</title></head><body><h1>${body}</h1></body></html>`, retryAfter: 0 })
  const result = await askHere('hi')
  expect(wordsOf(result).what).toMatch(/failed \(502\)$/)
  expect(result.stderr).toContain('502 Bad Gateway')
  expect(result.stderr).not.toContain('<')
  expect(await stored()).toMatchObject([{ role: 'user', content: 'hi' }])
})

async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Loads this before the program: no name has an address. */
const NO_DNS = { NODE_OPTIONS: `--require=${path.join(root, 'test/contract/provider/no-dns.cjs')}` }

/** The same in this process, until the end of the test; the tests themselves look up 127.0.0.1. */
function failLookups(): void {
  const { lookup } = dns
  const fail = (hostname: string, ...rest: unknown[]) => {
    if (!hostname.endsWith('.invalid')) return Reflect.apply(lookup, dns, [hostname, ...rest])
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname })
    process.nextTick(rest.at(-1) as (error: Error) => void, error)
  }
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(fail as typeof dns.lookup)
  onTestFinished(() => spy.mockRestore())
}

/** The one whose address cannot be set goes another way to its server. */
describe.each(
  thin(
    2,
    ROWS.filter(({ wire }) => wire !== 'openai'),
  ),
)('without a server, $label', (row) => {
  // One provider and the plugin through a process of their own; the others go the same way in this process.
  const isSpawned = row === ROWS[0] || row.plugin !== undefined
  const ask = async (home: Home, env = {}) =>
    wordsOf(await (isSpawned ? home.runWith({ env }, 'chat', ...row.flags, 'hi') : runHereFor(home, 'chat', ...row.flags, 'hi')))

  test('each way to miss it has its own message and hint', async () => {
    const model = await openModel(row.wire)
    if (!isSpawned) failLookups()
    const words = {
      refused: await ask(homeFor(row, `http://127.0.0.1:${await closedPort()}`)),
      dns: await ask(homeFor(row, 'http://model.invalid'), NO_DNS),
      tls: await ask(homeFor(row, model.url.replace('http', 'https'))),
      ...(!row.plugin && { timeout: await silence(row) }),
    }
    expectDistinct(words)
  })

  async function silence(row: Row): Promise<Words> {
    const model = await openModel(row.wire)
    model.reply({ silent: true })
    const words = await ask(homeFor(row, model.url, 'timeout: 300ms'))
    await model.closed()
    return words
  }
})
