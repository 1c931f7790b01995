import fs from 'node:fs'
import { expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { failure, sample, seed, talk } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'

const REPLY = 'Use:\n\n```go\nmain()\n```\n\n> ~~~sh\n> ls\n> ~~~\n'
const messages = talk('One', 'First', 'Two', `${REPLY}\u001b[201~`, 'Three', '  ')

/** A folder for $PATH with this command alone. */
function commandsAt(home: Home, name: string, script: string): { PATH: string } {
  fs.chmodSync(home.write(`bin/${name}`, `#!/bin/sh\n${script}\n`), 0o755)
  return { PATH: home.path('bin') }
}

const copied = (screen: string) => Buffer.from(/\]52;c;([\w+/=]*)/.exec(screen)?.[1] ?? '', 'base64').toString()

test('copy puts the last reply on the clipboard of a command, without what would steer a terminal', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages }), sample(2, { messages: talk('Hi', 'Hello') }))
  const env = commandsAt(home, 'xclip', `/bin/cat > ${home.path('clip')}`)
  const copy = (...words: string[]) => home.runWith({ env }, 'session', 'copy', ...words)
  expect(await copy('sample000001')).toEqual({ code: 0, stdout: 'Copied 49 characters of sample000001 with xclip\n', stderr: '' })
  expect(home.read('clip')).toBe(`${REPLY}\u241b[201~`)
  await copy('sample000001', '--code')
  expect(home.read('clip')).toBe('main()\n\nls\n')
  await home.ok('session', 'use', 'sample000002')
  expect(JSON.parse((await copy('--json')).stdout)).toEqual({ id: 'sample000002', seq: 2, characters: 5, clipboard: 'xclip' })
  expect(home.read('clip')).toBe('Hello')
})

test('a terminal gets it where no command works, wrapped within tmux; over SSH before any command', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages }), sample(2, { messages: talk('Hi', 'x'.repeat(80_000)) }))
  const failing = commandsAt(home, 'xclip', `echo used >> ${home.path('used')}; exit 1`)
  const copy = (env: NodeJS.ProcessEnv, id = 'sample000001') => onTerminal(home, ['session', 'copy', id], [], { ...failing, ...env })
  const [plain, tmux, ssh, dumb, long] = [
    await copy({}),
    await copy({ TMUX: '/tmp/x' }),
    await copy({ SSH_CONNECTION: '1' }),
    await copy({ TERM: 'dumb' }),
    await copy({}, 'sample000002'),
  ]
  expect(copied(plain.screen)).toBe(`${REPLY}\u241b[201~`)
  expect(plain.screen).toContain('Copied 49 characters of sample000001 with the terminal (OSC 52)')
  expect(tmux.screen).toContain(`\x1bPtmux;\x1b\x1b]52;c;${Buffer.from(`${REPLY}\u241b[201~`).toString('base64')}\x07\x1b\\`)
  expect(copied(ssh.screen)).toBe(copied(plain.screen))
  expect(dumb).toMatchObject({ code: 1, screen: expect.stringContaining('error: no clipboard') })
  expect(long).toMatchObject({ code: 1, screen: expect.stringContaining('can copy at most 74994') })
  // All but the one over SSH have tried it.
  expect(home.read('used')).toBe('used\n'.repeat(4))
})

test('without a clipboard, a reply or code it says so', async () => {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk('Hi', 'Hello') }), sample(2, { messages: talk('Hi') }))
  const env = { PATH: home.path('nothing') }
  const said = [
    await failure(home, 1, ['session', 'copy', 'sample000001'], { env }),
    await failure(home, 1, ['session', 'copy', 'sample000001', '--code'], { env }),
    await failure(home, 1, ['session', 'copy', 'sample000002'], { env }),
  ]
  expect(said.join('')).toMatchInlineSnapshot(`
    "error: no clipboard: none of pbcopy, wl-copy, xclip, xsel, termux-clipboard-set works, and standard output is not a terminal that can copy
    hint: ainative-code session show sample000001 --around 2 --context 0 --raw writes the text to standard output
    error: no selected message of sample000001 has a code block
    hint: ainative-code session show sample000001 --raw
    error: sample000002 has no reply to copy
    hint: ainative-code session show sample000002
    "
  `)
})
