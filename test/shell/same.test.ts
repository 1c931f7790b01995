import fs from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { type Home, here, makeHome, steady } from '../helpers/cli.ts'
import { inFolder, okHere } from '../helpers/here.ts'
import { addUser, openOidc } from '../helpers/oidc.ts'
import { answer, openShell } from '../helpers/pty.ts'
import { quoted, sample, script, seed, talk } from '../helpers/seed.ts'
import { onTerminal } from '../helpers/terminal.ts'
import { openModel } from '../helpers/wire/server.ts'

const A = 'aaaa11112222'
const B = 'bbbb33334444'
const C = 'cccc55556666'
/** In a line, the id of the home's shared session. */
const SHARED = 'SHARED'

/** Lines for every command, in an order in which each succeeds. */
const LINES: string[][] = [
  ['help'],
  ['help', 'session', 'list'],
  ['session', 'list'],
  ['session', 'list', '--tag', 'go', '--json'],
  ['ls', '--format', 'csv'],
  ['session', 'show', A],
  ['session', 'show', A, '--format', 'markdown'],
  ['session', 'show', 'aaaa', '--json'],
  ['session', 'create', '--title', `It's "new" \\ $HOME  x`, '--tags', 'a,b'],
  ['session', 'create', '--title', '007', '--metadata', '{"a":1}', '--json'],
  ['session', 'rename', A, 'Renamed = 1e5'],
  ['session', 'tag', A, 'a=b', '{"a":1}', '|'],
  ['session', 'untag', A, '|'],
  ['session', 'tags'],
  ['session', 'tags', '--tag', 'go', '--json'],
  ['session', 'edit', A],
  ['session', 'diff', A, B],
  ['session', 'meta', A],
  ['session', 'meta', A, 'priority', '007'],
  ['session', 'use', B],
  ['session', 'fork', A, '--at', '1'],
  ['session', 'search', 'because'],
  ['session', 'list', '--text', 'because'],
  ['session', 'stats', A],
  ['session', 'stats', '--by', 'role'],
  ['doctor'],
  ['session', 'outline', A],
  ['session', 'copy', A],
  ['session', 'pin', B],
  ['session', 'unpin', B],
  ['session', 'hide', A, '1-2'],
  ['session', 'unhide', A, '1'],
  ['session', 'archive', B],
  ['session', 'unarchive', B],
  ['session', 'delete', C, '--dry-run'],
  ['session', 'delete', C],
  ['trash'],
  ['session', 'restore', C],
  ['session', 'delete', C, '--force', '--json'],
  ['session', 'purge', C, '--force'],
  ['session', 'export', A, '-o', 'a.md', '--format', 'markdown'],
  ['session', 'export', A, B, '-o', '-'],
  ['session', 'import', '-i', 'other.json'],
  ['session', 'backup', 'b.db'],
  ['session', 'restore-backup', 'b.db', '--yes'],
  ['query', '$sum(sessions.message_count)'],
  ['query', 'sessions.{"t": title}', '--format', 'table'],
  ['run', 'lines.txt'],
  ['config', 'show'],
  ['config', 'set', 'defaults.limit', '5'],
  ['config', 'get', 'defaults.limit', '--color', 'never'],
  ['config', 'unset', 'defaults.limit'],
  ['config', 'edit'],
  ['plugin', 'list'],
  ['plugin', 'new', 'format', 'org'],
  ['trust', 'project'],
  ['trust', '--list'],
  ['untrust', 'project'],
  ['config', 'path'],
  ['chat', '--provider', 'ollama', '--model', 'm', 'hi'],
  ['chat', '-s', A, '--provider', 'ollama', '--model', 'm', '--no-save', '--json', 'hi'],
  ['template', 'new', 'x'],
  ['template', 'list'],
  ['template', 'show', 'x'],
  ['models', 'ollama'],
  ['provider', 'list'],
  ['provider', 'test', 'ollama', '--json'],
  ['auth', 'login'],
  ['auth', 'status'],
  ['auth', 'whoami', '--json'],
  ['auth', 'token'],
  ['auth', 'logout'],
  ['history'],
  ['history', 'two', '--json'],
  ['zerodb', 'start', '--data', 'server'],
  ['zerodb', 'init'],
  ['zerodb', 'ping', '--fields', 'user,sees'],
  // Words are random.
  ['zerodb', 'key', 'new', '--fields', 'place'],
  ['zerodb', 'key', 'show', '--yes', '--fields', 'place'],
  ['session', 'sync', '--dry-run', '--session', A],
  ['session', 'sync'],
  ['session', 'conflicts'],
  ['zerodb', 'key', 'fingerprint', '--fields', 'state'],
  ['zerodb', 'status'],
  ['zerodb', 'user', 'add', 'alice'],
  ['zerodb', 'user', 'list', '--json'],
  ['zerodb', 'team', 'add', 'red'],
  ['zerodb', 'team', 'join', 'red', 'alice'],
  ['zerodb', 'team', 'list'],
  ['session', 'share', A, '--team', 'blue', '--expires', '30d'],
  ['session', 'shares', A],
  ['session', 'list', '--shared', '--fields', 'id,owner,team,title,message_count'],
  ['session', 'show', SHARED],
  ['session', 'clone', SHARED],
  ['session', 'clone', SHARED, '--update', '--json'],
  ['session', 'unshare', SHARED],
  ['zerodb', 'team', 'leave', 'red', 'alice'],
  ['zerodb', 'team', 'rm', 'red', '--force'],
  ['zerodb', 'user', 'rm', 'alice', '--force'],
  ['zerodb', 'check'],
  ['zerodb', 'stop', '--data', 'server'],
  ['completion', 'bash'],
  ['complete', 'zsh', '--', 'session', 'sh'],
]

/**
 * Commands that run in the built program by themselves too: a query starts a worker of the build, and the others list what the build
 * loads. All other commands run by themselves in this process, because test/smoke and the guide run commands of each kind in the program.
 */
const BUILT = /^(query|run|help|config show|plugin list)\b/

async function stocked(): Promise<Home> {
  const home = makeHome({ OLLAMA_HOST: (await openModel('ollama')).url, EDITOR: 'true' })
  const messages = talk('Hello', 'Hi', 'Why?', 'Because.')
  await seed(home, sample(1, { id: A, title: 'One', metadata: { tags: ['go'] }, messages }), sample(2, { id: B }), sample(3, { id: C }))
  home.write('other.json', JSON.stringify(sample(4, { id: 'dddd77778888' })))
  fs.chmodSync(home.write('bin/xclip', '#!/bin/sh\nexec cat > /dev/null\n'), 0o755)
  home.env.PATH = `${home.path('bin')}:${home.env.PATH}`
  home.write('project/ainative.config.yaml', 'storage:\n  path: elsewhere.db\n')
  // Settings are read at the start.
  home.env.ISSUER = (await openOidc()).url
  addUser(home)
  home.write('.config/ainative-code/config.yaml', '# mine\nplatform: { authentication: { issuer: "${ISSUER}" } }\n')
  home.write('lines.txt', '# a script\nsession list -n 1\n20 + 22\n')
  home.write('.local/state/ainative-code/history', 'line one\nline two\n')
  return home
}

/** The home, with a sync server in its folder `server`, as its user and its admin. */
async function withSyncServer(home: Home): Promise<Home> {
  // The server's account has to reach the folder if the test runs as root.
  fs.chmodSync(home.dir, 0o711)
  const { endpoint, admin } = await home.json('zerodb', 'start', '--data', 'server', '--json')
  onTestFinished(async () => void (await home.run('zerodb', 'stop', '--data', 'server')))
  Object.assign(home.env, { AINATIVE_ZERODB_ENDPOINT: endpoint, AINATIVE_ZERODB_ADMIN: fs.readFileSync(admin, 'utf8') })
  await okHere(home, 'zerodb', 'team', 'add', 'blue')
  await okHere(home, 'zerodb', 'team', 'join', 'blue', new URL(endpoint).username)
  home.env[SHARED] = (await okHere(home, 'session', 'share', A, '--team', 'blue', '--force')).trim()
  return home
}

/** The words of a line for one home. */
const wordsFor = (home: Home, words: string[]) => words.map((word) => (word === SHARED ? (home.env[SHARED] ?? '') : word))
const lineOf = (words: string[]) => words.map((word) => (/^[\w-]+$/.test(word) ? word : quoted(word))).join(' ')
/** Without what differs between two homes: an id of letters alone is known only from the list. */
async function anywhere(home: Home, text: string): Promise<string> {
  const ids = (await home.json<{ id: string }[]>('session', 'list', '--all', '--json')).map(({ id }) => id)
  const known = text
    .replaceAll(home.dir, '<home>')
    .replace(/before-restore-[\dT.-]+Z/g, 'before-restore-<time>')
    .replaceAll(home.env.OLLAMA_HOST ?? '', '<ollama>')
    .replaceAll(home.env.ISSUER ?? '', '<issuer>')
    .replace(/^[\w-]{43}$/gm, '<token>')
    .replace(/("?(?:latency|first_token)_ms"?: )[\d.]+/g, '$1<ms>')
    .replace(/postgresql:[^\s'"]+/g, '<endpoint>')
    .replace(/shared-[0-9a-f]{32}/g, '<shared>')
    .replace(new RegExp(ids.join('|'), 'g'), '<id>')
  return steady(known).replace(/\b[0-9A-Z]{26}\b/g, '<message>')
}

test('a command prints the same by itself and as a line of the shell', async () => {
  const [one, other] = await Promise.all([stocked().then(withSyncServer), stocked().then(withSyncServer)])
  const alone: string[] = []
  await inFolder(one.dir, async () => {
    for (const words of LINES) alone.push(await (BUILT.test(words.join(' ')) ? one : here(one)).ok(...wordsFor(one, words)))
  })
  const together = await script(other, ...LINES.map((words) => lineOf(wordsFor(other, words))))
  expect(together).toMatchObject({ code: 0 })
  expect(await anywhere(other, together.stdout)).toBe(await anywhere(one, alone.join('')))
})

test('there are lines for every command', async () => {
  const listed = [...(await makeHome().ok('help')).matchAll(/^ {2}([^\s$]\S*(?: \S+)?) {2,}/gm)].map((match) => match[1] as string)
  const tried = LINES.map((words) => words.join(' '))
  // The shell opens no shell, and the others need a terminal.
  for (const name of listed.filter((each) => !['shell', 'session pick', 'provider setup', 'template edit'].includes(each)))
    expect(
      tried.some((line) => `${line} `.startsWith(`${name} `)),
      name,
    ).toBe(true)
})

test('at the prompt it is the same as in a terminal by itself', async () => {
  const home = await stocked()
  const shell = await openShell(home, { NO_COLOR: '1', COLUMNS: '100' })
  for (const words of [
    ['session', 'list'],
    ['session', 'show', A],
    ['session', 'meta', A],
    ['query', '$sum(sessions.message_count)'],
    ['config', 'path'],
  ]) {
    const { screen: alone } = await onTerminal(home, words, [], { NO_COLOR: '1', PAGER: 'cat' }, 100)
    const text = await answer(shell, lineOf(words), /\r\n[\s\S]*> /)
    expect(text).toContain(`\r\n${alone}`)
  }
})
