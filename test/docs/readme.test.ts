import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Home, here, makeHome, root } from '../helpers/cli.ts'
import { openShell } from '../helpers/pty.ts'
import { openScreen } from '../helpers/screen.ts'
import { shell } from '../helpers/shell.ts'
import { openModel } from '../helpers/wire/server.ts'

/** The code blocks of a document, in order. */
const blocks = (file: string) =>
  [...fs.readFileSync(path.join(root, file), 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }))

/** A console block as its commands, each with what it prints. */
const steps = (block: string) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((step) => ({ line: step.slice(0, step.indexOf('\n')), output: step.slice(step.indexOf('\n') + 1) }))

/** Models that answer as the chats of a document say. */
async function modelsFor(file: string): Promise<NodeJS.ProcessEnv> {
  const [ollama, anthropic] = [await openModel('ollama'), await openModel('anthropic')]
  const chats = blocks(file).flatMap(({ language, text }) => (language === 'console' ? steps(text) : []))
  let last = ollama
  const replies = new Map([ollama, anthropic].map((model) => [model, [] as { text: string | string[] }[]]))
  for (const { line, output } of chats.filter(({ line }) => line.includes('ainative-code chat'))) {
    if (line.includes('--provider')) last = line.includes('anthropic') ? anthropic : ollama
    const events = output.startsWith('{')
      ? output
          .trim()
          .split('\n')
          .map((each) => JSON.parse(each).text)
      : output.trimEnd()
    replies.get(last)?.push({ text: events })
  }
  for (const [model, texts] of replies) model.reply(...texts, {})
  return { OLLAMA_HOST: ollama.url, ANTHROPIC_BASE_URL: anthropic.url, ANTHROPIC_API_KEY: 'k' }
}

/** Follows a document in a folder with the examples: every console line in bash, every prompt of a text block in the shell. */
async function follow(file: string, ...before: string[]): Promise<number> {
  const home = makeHome(await modelsFor(file))
  fs.cpSync(path.join(root, 'scripts/examples'), home.path('scripts/examples'), { recursive: true })
  const run = async (line: string) => {
    const { code, stdout, stderr } = await shell(home, line)
    if (code !== 0) throw new Error(`${line} ended with ${code}: ${stderr}`)
    return stdout
  }
  for (const line of before) await run(line)
  let count = 0
  for (const { language, text } of blocks(file)) {
    if (language === 'text' && text.startsWith('ainative')) count += await followPrompts(home, text)
    if (language !== 'console') continue
    for (const { line, output } of steps(text)) {
      expect((await run(line)).replace(/(?<= as )[0-9a-z]{12}(?=:)/, '<id>'), line).toBe(output)
      count++
    }
  }
  return count
}

const PROMPT = /^(ainative.*?> | {6}\.\.\. )/

/** Types what stands after each prompt, and compares what comes with what stands there. */
async function followPrompts(home: Home, text: string): Promise<number> {
  const shell = await openShell(home)
  const lines = text.trimEnd().split('\n')
  for (const [i, line] of lines.entries()) {
    const prompt = PROMPT.exec(line)?.[0]
    if (prompt === undefined) continue
    const next = lines.slice(i + 1).findIndex((each) => PROMPT.test(each))
    const output = lines.slice(i + 1, next < 0 ? lines.length : i + 1 + next)
    shell.type(`${line.slice(prompt.length)}\r`)
    await shell.until(
      new RegExp(`${[line, ...output].map((each) => escaped(each)).join('\\s*')}\\s*(ainative.*?> | {6}\\.\\.\\. )$`),
      plain,
    )
  }
  expect(plain(shell.text())).not.toContain('error:')
  return lines.length
}

/** As a pattern; an id may be any. */
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\b(?=\w*\d)[0-9a-z]{12}\b/g, '[0-9a-z]{12}')
// biome-ignore lint/suspicious/noControlCharactersInRegex: what colours a terminal and moves its cursor
const plain = (text: string) => text.replace(/\x1b\[[\d;?]*[A-Za-z]/g, '')

test("every line of README's tour prints what stands there, in bash and in the shell", async () => {
  expect(await follow('README.md', 'git init -q')).toBeGreaterThan(30)
})

test('so does every line of docs/scripting.md', async () => {
  expect(await follow('docs/scripting.md', 'ainative-code session import -i scripts/examples/tour.json')).toBeGreaterThan(3)
})

test('so does every line of docs/search.md', async () => {
  expect(await follow('docs/search.md')).toBeGreaterThan(10)
})

test('so does every line of docs/stats.md', async () => {
  expect(await follow('docs/stats.md', 'ainative-code session import -i scripts/examples/usage.json')).toBeGreaterThan(6)
})

test('so does every line of docs/chat.md', async () => {
  expect(await follow('docs/chat.md')).toBeGreaterThan(3)
})

test('so does every line of docs/picker.md', async () => {
  expect(await follow('docs/picker.md', 'ainative-code session import -i scripts/examples/tour.json')).toBe(8)
})

test('the picker looks as docs/picker.md shows it', async () => {
  const home = makeHome()
  await home.ok('session', 'import', '-i', path.join(root, 'scripts/examples/tour.json'))
  const drawn =
    blocks('docs/picker.md')
      .find(({ language }) => language === 'text')
      ?.text.trimEnd()
      .split('\n') ?? []
  const screen = openScreen(home, ['session', 'pick', 'jwt'], { columns: 106, rows: drawn.length })
  await screen.shows(/1 of 3 · Enter[\s\S]*/)
  await screen.shows(/the request on/)
  expect(screen.lines().map((line) => line.trimEnd())).toEqual(drawn)
})

test('so does every prompt of docs/shell.md', async () => {
  expect(await follow('docs/shell.md')).toBeGreaterThan(8)
})

test('docs/commands.md is what help prints, for every command', async () => {
  const home = here(makeHome())
  const documented = fs.readFileSync(path.join(root, 'docs/commands.md'), 'utf8')
  const listed = [...(await home.ok('help')).matchAll(/^ {2}([^\s$]\S*(?: \S+)?) {2,}/gm)].map((match) => match[1] as string)
  expect(listed).toContain('session import')
  for (const name of listed)
    expect(documented, name).toContain(`## ${name}\n\n\`\`\`text\n${(await home.ok('help', ...name.split(' '))).trimEnd()}\n\`\`\``)
})

test('links in the docs lead to files that are there', () => {
  for (const file of ['README.md', ...fs.readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)]) {
    const text = fs.readFileSync(path.join(root, file), 'utf8')
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(fs.existsSync(path.join(root, path.dirname(file), link as string)), `${file}: ${link}`).toBe(true)
  }
})
