import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { okHere, runHere } from '../helpers/here.ts'
import { answer, openShell, openTerminal } from '../helpers/pty.ts'
import { openScreen } from '../helpers/screen.ts'
import { onTerminal } from '../helpers/terminal.ts'
import { openModel } from '../helpers/wire/server.ts'

const ASK = ['chat', '--provider', 'ollama', '-m', 'm']

async function setUp() {
  const model = await openModel('ollama')
  const home = makeHome({ OLLAMA_HOST: model.url })
  const sent = () => model.requests.at(-1)?.body.messages.map(({ content }: { content: string }) => content)
  return { model, home, sent }
}

test('-c continues, --raw and --code write the reply alone', async () => {
  const { model, home, sent } = await setUp()
  const text = 'See:\n\n```js\n\tlet x\n```\n\n- and\n  ```sh\n  ls\n  ```\n'
  model.reply({ text })
  await okHere(home, ...ASK, 'One')
  expect(await home.run(...ASK, '-c', '--raw', 'Two')).toEqual({ code: 0, stdout: `${text}\n`, stderr: '' })
  expect(sent()).toEqual(['One', text, 'Two'])
  expect(await home.run(...ASK, '-c', '--code', 'Three')).toEqual({ code: 0, stdout: '\tlet x\n\nls\n', stderr: '' })
  // On a terminal code is no Markdown.
  model.reply({ text: '```\n\tlet *x* = `*y*`\n```\n' })
  const { screen } = await onTerminal(home, [...ASK, '--code', 'Three and a half'])
  expect(screen).toContain('\tlet *x* = `*y*`\r\n')
  model.reply({ text: 'none' })
  expect(await runHere(home, ...ASK, '--code', 'Four')).toMatchObject({ code: 1, stderr: expect.stringMatching(/no code block/) })
  expect(await runHere(home, ...ASK, '--code', '--json', 'Five')).toMatchObject({ code: 2 })
})

test('files and mentions stand below the message, fenced', async () => {
  const { home, sent } = await setUp()
  home.write('a b.md', 'x\n````\ny')
  home.write('src/c.ts', 'let c\n')
  await home.ok(...ASK, '-f', 'a b.md', '-f', './src/c.ts', 'Look at @src/c.ts, @foo, (@a\\ b.md) and a@b.md.')
  expect(sent()).toEqual([
    'Look at @src/c.ts, @foo, (@a\\ b.md) and a@b.md.\n\na b.md:\n`````md\nx\n````\ny\n`````\n\n./src/c.ts:\n```ts\nlet c\n```\n\nsrc/c.ts:\n```ts\nlet c\n```',
  ])
})

test('what is no text file is refused by name, and stores nothing', async () => {
  const { home } = await setUp()
  home.write('bin.dat', Buffer.from([1, 0, 2]))
  home.write('latin', Buffer.from([0xe9]))
  home.write('big', 'x'.repeat((1 << 20) + 1))
  home.write('dir/x', '')
  execFileSync('mkfifo', [home.path('pipe')])
  for (const [file, says] of [
    ['bin.dat', /cannot add bin.dat: it is not UTF-8 text/],
    ['latin', /cannot add latin/],
    ['big', /exceed 1 MB/],
    ['dir', /cannot read dir: it is a folder/],
    ['pipe', /cannot read pipe: it is not a regular file/],
    ['/dev/null', /not a regular file/],
    ['nope', /cannot read nope: there is no such file/],
  ] as const)
    expect(await home.run(...ASK, '-f', file, 'hi')).toMatchObject({ code: 1, stderr: expect.stringMatching(says) })
  expect(await home.run(...ASK, 'see @./nope')).toMatchObject({ code: 1 })
  expect(await here(home).json('session', 'list', '--json')).toEqual([])
})

test('a template gives settings and a text with variables', async () => {
  const { home, model, sent } = await setUp()
  home.write(
    '.config/ainative-code/templates/review.md',
    '---\nsystem: Be short.\nprovider: ollama\nmodel: t\ntemperature: 0\ntags: [review]\n---\nReview this {{lang}}:\n\n{{input}}\n',
  )
  await home.ok('chat', '-t', 'review', '--var', 'lang=Go {{input}}', 'code')
  expect(sent()).toEqual(['Be short.', 'Review this Go {{input}}:\n\ncode'])
  expect(model.requests.at(-1)?.body).toMatchObject({ model: 't', options: { temperature: 0 } })
  expect(await here(home).json('session', 'list', '--json')).toMatchObject([{ title: 'code', tags: ['review'], model: 't' }])
  expect(await here(home).json('template', 'list', '--json')).toMatchObject([{ name: 'review', variables: ['lang', 'input'] }])
  for (const [argv, says] of [
    [['-t', 'review', 'x'], /requires the variable lang/],
    [['-t', 'review', '--var', 'lang=a', '--var', 'land=b', 'x'], /no variable "land"[\s\S]*did you mean lang/],
    [['-t', 'reviev', 'x'], /no template "reviev"[\s\S]*did you mean review/],
    [['-t', '../config', 'x'], /not a template name/],
    [['--var', 'a=b', 'x'], /--var needs a template/],
  ] as const)
    expect((await runHere(home, 'chat', ...argv)).stderr).toMatch(says)
})

test.each([
  ['---\nmodel: m\nmodle: x\n---\nhi', /bad\.md:3: unknown key "modle"\nhint: did you mean model/],
  ['---\ntemperature: 3\n---\nhi', /bad\.md:2: temperature: /],
  ['---\nmodel: m\n', /bad\.md:1: unterminated front matter/],
  ['---\nmodel: [\n---\nhi', /bad\.md:\d: invalid YAML/],
  ['---\nmodel: m\n---\none\ntwo {{input} x', /bad\.md:5: invalid variable/],
])('a template with a mistake names its file and line: %j', async (text, says) => {
  const home = makeHome()
  home.write('.config/ainative-code/templates/bad.md', text)
  expect(await runHere(home, 'chat', '-t', 'bad', 'hi')).toMatchObject({ code: 1, stderr: expect.stringMatching(says) })
})

test('a template may start with a byte order mark, and one that is not UTF-8 is an error', async () => {
  const { home, sent } = await setUp()
  const file = '.config/ainative-code/templates/marked.md'
  home.write(file, '\ufeff---\nsystem: Be short.\n---\nReview\n')
  await okHere(home, ...ASK, '-t', 'marked', 'code')
  expect(sent()).toEqual(['Be short.', 'Review\n\ncode'])
  home.write(file, Buffer.from('caf\xe9', 'latin1'))
  expect(await runHere(home, ...ASK, '-t', 'marked', 'code')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/marked\.md: it is not UTF-8/),
  })
})

test('template new, show and edit; a text with a mistake is kept', async () => {
  const home = makeHome({ EDITOR: 'sh -c \'printf "{{nope" > "$1"\' sh' })
  expect(await home.ok('template', 'new', 'x')).toMatch(/Wrote .*templates\/x\.md/)
  expect(await okHere(home, 'template', 'show', 'x')).toMatch(/\{\{input\}\}\n$/)
  expect(await runHere(home, 'template', 'new', 'x')).toMatchObject({ code: 1 })
  const { stderr } = await home.run('template', 'edit', 'x')
  expect(stderr).toMatch(/x\.md:1: invalid variable/)
  const [, kept = ''] = /your text is in (.*)/.exec(stderr) ?? []
  expect(execFileSync('cat', [kept], { encoding: 'utf8' })).toBe('{{nope')
  expect(await okHere(home, 'template', 'show', 'x')).toMatch(/\{\{input\}\}/)
})

test('a conversation from a template fills in its first message, and ends as any other', async () => {
  const { home, sent } = await setUp()
  home.write(
    '.config/ainative-code/templates/review.md',
    '---\nsystem: Be short.\nprovider: ollama\nmodel: t\ntags: [review]\n---\nReview this {{lang}}:\n\n{{input}}\n',
  )
  const terminal = openTerminal(home, ['chat', '-t', 'review', '--var', 'lang=Go'])
  await terminal.until(/chat\S* ollama\/t> /)
  await answer(terminal, 'main()', /ollama\/t · .* s\r\n/)
  expect(sent()).toEqual(['Be short.', 'Review this Go:\n\nmain()'])
  await answer(terminal, 'And now {{lang}}?', /ollama\/t · .* s\r\n/)
  expect(sent()).toEqual(['Be short.', 'Review this Go:\n\nmain()', 'Hello', 'And now {{lang}}?'])
  await answer(terminal, '/show', /Tags:\S* \S*review[\s\S]*Review this Go:\s+main\(\)[\s\S]*And now \{\{lang\}\}\?/)
  terminal.type('/exit\r')
  expect(await terminal.ended()).toMatchObject({ exitCode: 0 })
  expect(await here(home).json('session', 'list', '--json')).toMatchObject([
    { title: 'main()', tags: ['review'], model: 't', message_count: 5 },
  ])
})

test('commands of a conversation: /show, /sessions, /new, /copy, /system "", and @ completes files', async () => {
  const { home, model, sent } = await setUp()
  home.write('notes one.txt', 'n')
  const terminal = openTerminal(home, [...ASK, '--system', 'Be kind.'])
  await terminal.until(/chat\S* ollama\/m> /)
  const say = (line: string, pattern: RegExp) => answer(terminal, line, pattern)
  await say('One', /ollama\/m · .* s\r\n/)
  expect(sent()).toEqual(['Be kind.', 'One'])
  await say('/system ""', /No system prompt is sent/)
  await say('Two', /ollama\/m · .* s\r\n/)
  expect(sent()).toEqual(['One', 'Hello', 'Two'])
  await say('/system', /There is no system prompt/)
  await say('/show', /Session:[\s\S]*Two/)
  await say('/sessions', /One/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence is one
  await say('/copy', /\x1b\]52;c;SGVsbG8=\x07[\s\S]*Copied 5 characters/)
  await say('/new', /starts a new session/)
  model.reply({ text: 'Again' })
  terminal.clear()
  terminal.type('Read @not\t')
  await terminal.until(/@notes\\ one\.txt/)
  terminal.type('\r')
  await terminal.until(/Again[\s\S]*ollama\/m · .* s\r\n/)
  expect(sent()).toEqual(['Read @notes\\ one.txt\n\nnotes one.txt:\n```txt\nn\n```'])
  expect(await here(home).json('session', 'list', '--json')).toHaveLength(2)
})

test('the shell greets, knows /help and /exit, and hints at chat', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  const shell = await openShell(home)
  expect(shell.text()).toMatch(/1 session; type help or chat\r\nexample query: sessions\.title/)
  await answer(shell, 'How do I exit vim?', /hint: to ask a model: chat "How do I exit vim\?"/)
  await answer(shell, '/help', /session list/)
  shell.type('/exit\r')
  expect(await shell.ended()).toMatchObject({ exitCode: 0 })
  expect((await home.run('How do I exit vim?')).stderr).toMatch(/hint: to ask a model: ainative-code chat 'How do I exit vim\?'/)
})

test('at 20 columns and without Unicode a reply is whole', async () => {
  const { home, model } = await setUp()
  model.reply({ text: ['> a quote of many words\n\n', '| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet x\n```'], silent: false })
  const screen = openScreen(home, [...ASK, 'hi'], { columns: 20, env: { LANG: 'C' } })
  expect(await screen.ended()).toMatchObject({ exitCode: 0 })
  expect(screen.lines().join('\n')).toMatch(/\| a quote of many\n\| words\n\n\+-+\+-+\+\n[\s\S]*```js\nlet x\n```\n/)
})
