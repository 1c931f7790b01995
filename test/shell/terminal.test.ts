import { describe, expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { okHere } from '../helpers/here.ts'
import { openTerminal } from '../helpers/pty.ts'

// Colour, the window's title, CSI as one byte, a line turned around, a title that forges a row.
const EVIL = '\x1b[31mRED\x1b]0;pwned\x07\u009b2J\u202eevil\u2066\nforged\r\tend'
const ID = 'hhhhhhhhhhh1'

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const STEERING = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours and a cleared line are our own
const OURS = /\x1b\[(\d+(;\d+)*)?m|\r\x1b\[K/g

/** What steers the terminal in an output, without what the program itself may write. */
const steering = (text: string) => (text.includes('\x1b[31mRED') ? ['red'] : (text.replace(OURS, '').match(STEERING) ?? []))

async function hostile(): Promise<Home> {
  const home = makeHome()
  const session = {
    id: ID,
    title: EVIL,
    provider: EVIL,
    model: EVIL,
    metadata: { tags: [EVIL], [EVIL]: EVIL },
    messages: [
      { role: 'user', content: `${EVIL} &#27;[31m &#x9b;2J [link](http://x/${EVIL}) \`${EVIL}\`\n\n\`\`\`${EVIL}\n${EVIL}\n\`\`\`` },
    ],
  }
  home.write('evil.json', JSON.stringify(session))
  home.write('bad.json', `${JSON.stringify([{ ...session, id: EVIL }])}${EVIL}`)
  await okHere(home, 'session', 'import', '-i', home.path('evil.json'))
  return home
}

describe('no text of a session or of the command line steers a terminal', () => {
  const commands: string[][] = [
    ['session', 'list'],
    ['session', 'list', '--json'],
    ['session', 'list', '--format', 'csv'],
    ['session', 'show', ID],
    ['session', 'show', ID, '--format', 'json'],
    ['session', 'show', ID, '--format', 'markdown'],
    ['session', 'meta', ID],
    ['session', 'meta', ID, 'title'],
    ['session', 'use', ID],
    ['session', 'fork', ID],
    ['session', 'tag', ID, EVIL],
    ['session', 'rename', ID, EVIL],
    ['session', 'create', '--title', EVIL],
    ['session', 'delete', ID, '--dry-run'],
    ['session', 'export', ID, '-o', '-'],
    ['session', 'export', ID, '-o', '-', '--format', 'text'],
    ['query', 'sessions.title'],
    ['query', 'sessions.{title: title}', '--format', 'table'],
    ['session', 'show', EVIL],
    ['session', 'import', '-i', EVIL],
    ['session', 'import', '-i', 'bad.json'],
    ['session', 'list', '--sort', EVIL],
    ['query', `$error("${EVIL}")`],
    ['query', EVIL],
    [EVIL],
  ]
  test.each(commands.map((argv) => [argv]))('%j', async (argv) => {
    const home = await hostile()
    const terminal = openTerminal(home, argv)
    await terminal.ended()
    expect(terminal.text()).not.toBe('')
    expect(steering(terminal.text())).toEqual([])
  })
})

test('a title of many lines is one row of the table', async () => {
  const home = await hostile()
  const terminal = openTerminal(home, ['session', 'list'])
  await terminal.ended()
  expect(terminal.text().trimEnd().split('\r\n')).toHaveLength(2)
})

test('NO_COLOR and TERM=dumb are plain on a terminal', async () => {
  const home = makeHome()
  const id = await home.create('--title', 'One')
  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
    const terminal = openTerminal(home, ['session', 'show', id], env)
    await terminal.ended()
    expect(terminal.text()).toContain('Session: One')
    expect(terminal.text()).not.toContain('\x1b')
  }
})
