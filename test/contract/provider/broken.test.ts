import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Result, startCli } from '../../helpers/cli.ts'
import { thin } from '../../helpers/thin.ts'
import { until } from '../../helpers/until.ts'
import { type Chat, openChat } from './chat.ts'
import { ROWS } from './rows.ts'

const PARTIAL = [
  { role: 'user', content: 'hi' },
  { role: 'assistant', content: 'so far', state: 'partial' },
]

/** Starts a chat, sends SIGINT once this is on stdout, and waits for the end. */
async function interrupted({ home, argv, model }: Chat, shown: string) {
  const child = startCli(argv('hi'), { cwd: home.dir, env: home.env })
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdin.end()
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr.resume()
  const ended = once(child, 'close')
  await until('the reply so far', () => child.exitCode !== null || (stdout === shown && model.requests.length > 0))
  child.kill('SIGINT')
  const [code] = await ended
  return { code, stdout }
}

/** The request of every provider is ended by the same signal, so a part of them is enough here. */
test.each(thin(3, ROWS))('Ctrl-C works before anything came of $label', async (row) => {
  const chat = await openChat(row)
  chat.model.reply({ silent: true })
  expect(await interrupted(chat, '')).toMatchObject({ code: 130, stdout: '' })
  await chat.model.closed()
  expect(await chat.stored()).toMatchObject([{ role: 'user', content: 'hi' }])
})

describe.each(ROWS)('$label', (row) => {
  test('Ctrl-C closes the connection and keeps what came', async () => {
    const chat = await openChat(row)
    chat.model.reply({ text: ['so ', 'far'], hang: true })
    expect(await interrupted(chat, 'so far')).toMatchObject({ code: 130 })
    await chat.model.closed()
    expect(await chat.stored()).toMatchObject(PARTIAL)
  })

  const expectCut = ({ code, stdout, stderr }: Result) => {
    expect({ code, stdout: stdout.trimEnd() }).toEqual({ code: 1, stdout: 'so far' })
    expect(stderr).toMatch(row.plugin ? /^error: /m : /^error: .*(?:was cut|overloaded|failed)/m)
    expect(stderr).not.toMatch(/bug in ainative-code|^ {4}at |\[object/m)
  }

  // A plugin of a user's has to see by itself that an end is none.
  test.each(['errorAfter', ...(row.plugin ? [] : ['endAfter'])])(
    'what came before %s is kept, and nothing is asked again',
    async (what) => {
      const { askHere, model, stored } = await openChat(row)
      model.reply({ text: ['so ', 'far', ' and no further'], [what]: 2 })
      expectCut(await askHere('hi'))
      expect(model.requests).toHaveLength(1)
      expect(await stored()).toMatchObject(PARTIAL)
    },
  )

  test('what came before a cut is kept, nothing is asked again, and it goes into the next request', async () => {
    const { ask, askHere, model, stored } = await openChat(row)
    model.reply({ text: ['so ', 'far', ' and no further'], cutAfter: 2 }, {})
    // A server in the process of its client would cut the connection before the client has read.
    expectCut(await ask('hi'))
    expect(model.requests).toHaveLength(1)
    expect(await stored()).toMatchObject(PARTIAL)
    expect(await askHere('--resume', 'go on')).toMatchObject({ code: 0, stdout: 'Hello\n' })
    const turns = [
      ['user', 'hi'],
      ['assistant', 'so far'],
      ['user', 'go on'],
    ]
    expect(row.read(model.requests[1]!).turns).toEqual(turns)
  })
})
