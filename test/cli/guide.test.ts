import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addTeam } from '../../plugins/zerodb/server/teams.ts'
import { type Home, here, homeAt, makeHome, type Result, removeHome, shared } from '../helpers/cli.ts'
import {
  bashBlocks,
  commandsIn,
  filesOf,
  guideFixture,
  isChat,
  isLogin,
  isPlain,
  isShare,
  isSync,
  isTalk,
  prepareGuide,
  settleInTime,
} from '../helpers/guide.ts'
import { inFolder, okHere, runHere } from '../helpers/here.ts'
import { addUser, openOidc, useIssuer } from '../helpers/oidc.ts'
import { openPostgres, userOn, withServer } from '../helpers/postgres.ts'
import { sample, seed, talk } from '../helpers/seed.ts'
import { shell } from '../helpers/shell.ts'
import { openModel } from '../helpers/wire/server.ts'

const commands = commandsIn(fs.readFileSync(guideFixture, 'utf8'))
const hasJq = spawnSync('jq', ['--version']).status === 0
if (!hasJq) console.warn('jq is missing: the lines of the guide that use it are skipped')

/** A model on loopback, which a key of Anthropic's leads to. */
async function modelFor(line: string): Promise<NodeJS.ProcessEnv> {
  const model = await openModel('anthropic')
  model.reply({ text: `You said that in \`${line}\`.`, usage: { input: 3, output: 2, cached: 0, reasoning: 0 } })
  return { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: model.url }
}

let accounts = 0

/** An account on a sync server, and another device of it. */
async function newAccount(): Promise<{ env: NodeJS.ProcessEnv; device: Home; number: number }> {
  const number = ++accounts
  const env = { AINATIVE_ZERODB_ENDPOINT: await userOn(await openPostgres(), `guide-${number}`) }
  const device = here(makeHome(env))
  await seed(device, sample(20, { title: 'Written on device A', messages: talk('Hi', 'Hello') }))
  await device.ok('session', 'sync')
  return { env, device, number }
}

/** The line of the guide as a member of a team can run it, where the other device shares a session, and this one shared its own before. */
async function withTeam(line: string, home: Home, device: Home, number: number): Promise<string> {
  const [team, others] = [`engineering-${number}`, `others-${number}`]
  await withServer((await openPostgres()).admin, async (server) => {
    for (const name of [team, others]) await addTeam(server, name, [`guide-${number}`])
  })
  const id = await device.ok('session', 'share', 'last', '--team', team, '--force')
  // The first share of a session asks, which only a terminal can answer.
  if (line.includes('session share')) await here(home).ok('session', 'share', 'abc123', '--team', others, '--force')
  return line.replace('engineering', team).replace('shared-abc123', id.trim())
}

/** Lets somebody log in from a home, at a new issuer. */
async function addLogin(home: Home): Promise<void> {
  useIssuer(home, (await openOidc()).url)
  addUser(home)
}

/** What a line prints on standard error. */
function notesOf(line: string): unknown {
  if (asks(line)) return expect.stringContaining('--force')
  if (isChat(line)) return expect.stringMatching(/^anthropic\/claude\S+ · 3 in, 2 out tokens · <seconds> s\n$/)
  if (line.includes('session share')) return 'shared with engineering without a time limit\n'
  return isLogin(line) ? expect.stringContaining('Log in with your browser: http://') : ''
}

/** The file of a line, in a folder that is not compared. */
const LINE = '.config/line'
/** Where an error of a line says that the line stands. */
const PLACE = /^error: (~\/\.config\/line|stdin):1: /

/**
 * Runs a line as the prompt does, in this process: test/shell/same.test.ts runs lines of every command in the built program. A line that
 * asks runs in the program, because only a process can have no terminal to ask on.
 */
async function atPrompt(home: Home, line: string): Promise<Result> {
  if (asks(line)) return home.runWith({ input: `${line}\n` })
  const file = home.write(LINE, line)
  return inFolder(home.dir, () => runHere(home, 'run', file))
}

/** Asks for a yes, which only a terminal can give. */
const asks = (command: string) => command.includes('--confirm')
const changes = (command: string) => /\b(chat|create|import|delete|tag|meta|rename|sync|clone)\b/.test(command)

describe('a line of the guide, from bash and at the prompt:', () => {
  const start = Date.now()
  const template = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-guide-'))
  const transcript: string[] = []
  beforeAll(() => prepareGuide(homeAt(template)))
  afterAll(() => removeHome(template))

  const prepared = async (line: string, env: NodeJS.ProcessEnv) => {
    const account = isSync(line) ? await newAccount() : undefined
    const home = makeHome({ ...env, ...account?.env })
    fs.cpSync(template, home.dir, { recursive: true })
    if (isLogin(line)) await addLogin(home)
    return { home, line: account && isShare(line) ? await withTeam(line, home, account.device, account.number) : line }
  }

  /** What a command printed and left behind. */
  const outcome = async (command: string, home: Home, { code, stdout, stderr }: Result) => {
    const settle = (text: string) => settleInTime(text, home, start)
    const sessions = changes(command) ? settle(await okHere(home, 'session', 'export', '--all', '--format', 'jsonl', '-o', '-')) : ''
    const files = filesOf(home).map(({ name, text }) => ({ name: settle(name), text: settle(text) }))
    return { code, stdout: settle(stdout), stderr: settle(stderr).replace(PLACE, 'error: '), sessions, files }
  }

  for (const command of commands) {
    test.skipIf(/\bjq\b/.test(command) && !hasJq)(command, async () => {
      const line = command.replace(/<(session-)?id>/, 'abc123def456')
      const env = isChat(line) ? await modelFor(line) : {}
      const [one, other] = [await prepared(line, env), await prepared(line, env)]
      const [shown, prompted] = await Promise.all([
        shell(one.home, one.line, isTalk(line) ? 'Tell me more.\n' : '').then((result) => outcome(command, one.home, result)),
        isPlain(line) && !isTalk(line) && atPrompt(other.home, other.line).then((result) => outcome(command, other.home, result)),
      ])
      transcript.push(`$ ${command}\n${shown.stdout}`)
      expect(shown.stderr).toEqual(notesOf(line))
      expect(shown.code).toBe(asks(line) ? 2 : 0)
      // A script that fails ends with 1, whatever its command would end with by itself.
      if (prompted) expect(prompted).toEqual({ ...shown, code: Math.min(shown.code, 1) })
    })
  }

  test.skipIf(!hasJq)('all of them print what they printed when this transcript was read and found right', async () => {
    await expect(transcript.join('\n')).toMatchFileSnapshot('../fixtures/guide.transcript.txt')
  })
})

const guide = path.join(shared, 'guide.md')
if (!fs.existsSync(guide)) console.warn(`${guide} is missing: the fixture is not compared with it`)

test.skipIf(!fs.existsSync(guide))('the fixture has every local command of the guide', () => {
  const promised = bashBlocks(fs.readFileSync(guide, 'utf8')).flatMap(commandsIn)
  const local = promised.filter((command) => command.includes('ainative-code'))
  expect(commands.filter((command) => !local.includes(command))).toEqual([])
  expect([...new Set(local)].filter((command) => !commands.includes(command))).toEqual([])
})
