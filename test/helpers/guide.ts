import fs from 'node:fs'
import path from 'node:path'
import { type Home, root } from './cli.ts'
import { sample, seed, talk } from './seed.ts'

/** The path of the guide with all commands. */
export const guideFixture = path.join(root, 'test/fixtures/guide.sh')

/** Splits a text into commands as a shell does: a line with its continuations, or a whole loop. Comments are omitted. */
export function commandsIn(text: string): string[] {
  const commands: string[] = []
  let open: string[] = []
  for (const line of text.split('\n')) {
    if (open.length === 0 && /^\s*(#.*)?$/.test(line)) continue
    open.push(line)
    const loop = /^for\b/.test(open[0] ?? '') && !/^done\b/.test(line)
    if (loop || line.endsWith('\\')) continue
    commands.push(open.join('\n'))
    open = []
  }
  return commands
}

/** Returns the bash blocks of a Markdown text. */
export const bashBlocks = (markdown: string) => [...markdown.matchAll(/^```bash\n(.*?)^```/gms)].map(([, block]) => block ?? '')

/** True for a command about sessions that are shared with a team. */
export const isShare = (command: string) => /\bsession (share|clone)\b|--shared\b/.test(command)

/** True for a command that connects to a sync server. */
export const isSync = (command: string) => /^ainative-code (zerodb|session sync)\b/.test(command) || isShare(command)
/** True for a command that logs in at an issuer. */
export const isLogin = (command: string) => command.startsWith('ainative-code auth login')

/** True for a chat. */
export const isChat = (command: string) => command.startsWith('ainative-code chat')
/** True for a chat whose messages a person types. */
export const isTalk = (command: string) => isChat(command) && !/chat (.* )?"[^"]*" "[^"]*"/.test(command)

/** True for a command that also works at the prompt of the program: without pipes and expansions of a shell. */
export const isPlain = (command: string) => !/[|\n]|\$\(/.test(command)

/** Creates the sessions and files that the commands of the guide name in a home. */
export async function prepareGuide(home: Home): Promise<void> {
  const api = { title: 'REST API Development', metadata: { tags: ['go', 'rest-api'], project: 'backend-service' } }
  await seed(
    home,
    sample(15, {
      ...api,
      id: 'abc123def456',
      messages: talk('How do I create a REST API in Go?', "I'll help you create one, with JWT authentication by OAuth."),
    }),
    sample(14, { id: 'def456ghi789', title: 'OAuth Implementation', provider: 'openai', messages: talk('Hi', 'Hello', 'Bye', 'So long') }),
    sample(13, { id: 'ghi789jkl012', title: 'Auth stuff', metadata: { tags: ['go'], project: 'project-x' } }),
    sample(1, { id: 'old123old123', title: 'Last year', created_at: '2023-12-31T23:59:59Z', updated_at: '2023-12-31T23:59:59Z' }),
  )
  const write = (name: string, ...numbers: number[]) => {
    const sessions = numbers.map((number) => sample(number, { messages: talk('a', 'b') }))
    home.write(name, JSON.stringify(sessions.length > 1 ? sessions : sessions[0]))
  }
  write('session.json', 2)
  write('sessions-backup.json', 3, 4)
  write('session-backups/one.json', 5)
  write('session-backups/two.json', 6, 7)
  write('templates/api-dev.json', 8)
  write('shared-session.json', 9)
  home.write('base-session.json', JSON.stringify(sample(15, { ...api, id: 'abc123def456', messages: talk('a') })))
}

/** Returns the files of a home without its database, by name. */
export const filesOf = (home: Home) =>
  fs
    .readdirSync(home.dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^\.(config|cache|bin)\b/.test(name) && fs.statSync(home.path(name)).isFile())
    .sort()
    .map((name) => ({ name, text: home.read(name) }))

/** Replaces the parts of an output that differ between runs: new ids, times after `start`, and the folder of the home. */
export function settleInTime(text: string, home: Home, start: number): string {
  const time = (text: string) => (Date.parse(/Z$/.test(text) ? text : `${text.replace(' ', 'T')}Z`) >= start - 60_000 ? '<now>' : text)
  return text
    .replaceAll(home.dir, '~')
    .replace(/("(?:latency|first_token)_ms": ?)[\d.]+/g, '$1<ms>')
    .replace(/\d+\.\d s$/gm, '<seconds> s')
    .replace(/\/\/(guide-\d+@)?127\.0\.0\.1:\d+/g, '//$1<host>')
    .replace(/\b(guide|engineering)-\d+\b/g, '$1')
    .replace(/\bshared-[0-9a-f]{32}\b/g, 'shared-<id>')
    .replace(/(state|nonce|code_challenge|redirect_uri)=[^&\s]+/g, '$1=<$1>')
    .replace(/"((?:access|refresh)_token)": "[^"]+"/g, '"$1": "<$1>"')
    .replace(/"(expires_at|lifetime)": \d+/g, '"$1": <time>')
    .replace(/^(server +PostgreSQL) .*/m, '$1 <version>')
    .replace(/^(round trip +)[\d.]+ ms/m, '$1<ms> ms')
    .replace(/^(clock +).*/m, '$1<difference>')
    .replace(/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?/g, time)
    .replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, '<message>')
    .replace(/\b[0-9a-z]{12}\b/g, (id) => (/^(abc123|def456|ghi789|old123|sample)/.test(id) ? id : '<id>'))
    .replace(/sessions-\d{8}\.json/g, 'sessions-<today>.json')
}
