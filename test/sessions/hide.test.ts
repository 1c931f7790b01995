import { once } from 'node:events'
import { expect, test } from 'vitest'
import { type Home, here, makeHome, startCli } from '../helpers/cli.ts'
import { withDatabase } from '../helpers/database.ts'
import { failure, importText, sample, seed, talk } from '../helpers/seed.ts'
import { until } from '../helpers/until.ts'
import { openModel } from '../helpers/wire/server.ts'

const ID = 'sample000001'
const PASSWORD = 'my password is hunter2'

async function homeWith(...texts: string[]): Promise<Home> {
  const home = makeHome()
  await seed(home, sample(1, { messages: talk(...texts) }))
  return home
}

const shown = async (home: Home, ...flags: string[]) =>
  (await here(home).json('session', 'show', ID, '--format', 'json', ...flags)).messages.map((each: { content: string }) => each.content)

test('a hidden message is not shown, exported or outlined, and comes back', async () => {
  const home = await homeWith('Hi', 'Hello', PASSWORD, 'Noted', 'Bye', 'See you')
  expect(await home.ok('session', 'hide', ID, '3-4')).toBe(`Hid 2 messages of ${ID}\n`)
  const show = await home.run('session', 'show', ID)
  expect(show.stdout).not.toContain('hunter2')
  expect(show.stdout).toContain('Messages: 6\n')
  expect(show.stderr).toBe('2 hidden messages omitted; --hidden shows them\n')
  const exported = await home.run('session', 'export', ID, '-o', '-')
  expect(exported.stdout).not.toContain('hunter2')
  expect(exported.stderr).toBe('2 hidden messages omitted; --hidden exports them\n')
  for (const format of ['markdown', 'text', 'jsonl'])
    expect(await here(home).ok('session', 'export', ID, '-o', '-', '--format', format)).not.toContain('hunter2')
  expect(await home.ok('session', 'outline', ID)).not.toContain('hunter2')
  expect(await home.ok('session', 'show', ID, '--hidden')).toContain(`\n#3 [User - 10:02:00, hidden]\n${PASSWORD}\n`)
  expect(await home.ok('session', 'unhide', ID, '3')).toBe(`Unhid message 3 of ${ID}\n`)
  expect(await shown(home)).toEqual(['Hi', 'Hello', PASSWORD, 'Bye', 'See you'])
})

test('--skip, --limit and --around count the messages that are shown', async () => {
  const home = await homeWith('1', '2', '3', '4', '5', '6')
  await here(home).ok('session', 'hide', ID, '1', '3', '5')
  const flags = [
    ['--limit', '2'],
    ['--skip', '1', '--limit', '1'],
    ['--around', '4', '--context', '1'],
    ['--around', '3', '--hidden'],
  ]
  expect(await Promise.all(flags.map((each) => shown(home, ...each)))).toEqual([
    ['2', '4'],
    ['4'],
    ['2', '4', '6'],
    ['1', '2', '3', '4', '5', '6'],
  ])
  expect(await failure(home, 1, ['session', 'show', ID, '--around', '3'])).toBe(
    `error: message 3 of ${ID} is hidden\nhint: ainative-code session show ${ID} --around 3 --hidden\n`,
  )
})

test('with --hidden an export keeps what is hidden, and an import reads it', async () => {
  const home = await homeWith('Hi', PASSWORD, '\ud800 lone')
  await here(home).ok('session', 'hide', ID, '2', '3')
  const exported = await home.ok('session', 'export', ID, '-o', '-', '--hidden')
  expect(JSON.parse(exported).messages.map((each: { hidden?: boolean }) => each.hidden)).toEqual([undefined, true, true])
  const other = makeHome()
  await importText(other, exported)
  expect(await shown(other)).toEqual(['Hi'])
  expect(await here(other).ok('session', 'export', ID, '-o', '-', '--hidden')).toBe(exported)
  const odd = sample(2, { messages: [{ ...talk('Seen')[0], hidden: 1 } as never, { ...talk('Too')[0], hidden: false } as never] })
  await seed(other, odd)
  const { messages } = await here(other).json('session', 'show', 'sample000002', '--format', 'json')
  expect(messages.map((each: { hidden: unknown }) => each.hidden)).toEqual([1, false])
})

test('a hidden message is not sent to a model', async () => {
  const model = await openModel('ollama')
  const home = makeHome({ OLLAMA_HOST: model.url })
  await seed(home, sample(1, { messages: talk('Hi', 'Hello', PASSWORD, 'Noted') }))
  await here(home).ok('session', 'hide', ID, '3', '4')
  model.reply({ text: 'Sure' })
  await home.ok('chat', '--provider', 'ollama', '--model', 'm', '-s', ID, 'And now?')
  const sent: { content: string }[] = model.requests.at(-1)?.body.messages
  expect(sent.map(({ content }) => content)).toEqual(['Hi', 'Hello', 'And now?'])
})

test('forks and merges keep what is hidden, and queries see the mark', async () => {
  const home = await homeWith('Hi', PASSWORD)
  const whole = await here(home).ok('session', 'export', ID, '-o', '-')
  await here(home).ok('session', 'hide', ID, '2')
  const fork = await home.json('session', 'fork', ID, '--json')
  expect(await here(home).ok('session', 'show', fork.id)).not.toContain('hunter2')
  await importText(home, whole, '--merge')
  expect(await shown(home)).toEqual(['Hi'])
  expect(JSON.parse(await home.ok('query', `sessions[id = "${ID}"].messages.{ "seq": seq, "hidden": hidden }`, '--json'))).toEqual([
    { seq: 1 },
    { seq: 2, hidden: true },
  ])
})

test('wrong numbers change nothing', async () => {
  const home = await homeWith('Hi', 'Hello')
  const inside = here(home)
  const [missing, turned, word, none, range, zero] = await Promise.all([
    failure(home, 1, ['session', 'hide', ID, '1', '9']),
    failure(inside, 2, ['session', 'hide', ID, '1', '2-1']),
    failure(inside, 2, ['session', 'hide', ID, '1', 'x']),
    failure(inside, 2, ['session', 'hide', ID]),
    failure(inside, 1, ['session', 'hide', ID, '5-7']),
    failure(inside, 2, ['session', 'hide', ID, '0']),
  ])
  expect(missing + turned + word + none + range + zero).toMatchInlineSnapshot(`
    "error: sample000001 has no message 9: the nearest number is 2
    hint: ainative-code session outline sample000001 lists the messages
    error: "2-1" is not a message number; expected a number such as 7, or a range such as 3-7
    error: "x" is not a message number; expected a number such as 7, or a range such as 3-7
    error: session hide requires a message number
    hint: ainative-code session outline sample000001
    error: sample000001 has no message 5: the nearest number is 2
    hint: ainative-code session outline sample000001 lists the messages
    error: "0" is not a message number; expected a number such as 7, or a range such as 3-7
    "
  `)
  expect(await shown(home)).toEqual(['Hi', 'Hello'])
})

test('hiding a hidden message leaves the session as it is', async () => {
  const home = await homeWith('Hi', 'Hello')
  await here(home).ok('session', 'hide', ID, '1-1000000000')
  const before = withDatabase(home, (db) => db.prepare('select updated_at from sessions').pluck().get())
  await home.ok('session', 'hide', ID, '1')
  expect(withDatabase(home, (db) => db.prepare('select updated_at from sessions').pluck().get())).toBe(before)
  expect(withDatabase(home, (db) => db.prepare('select hidden from messages').pluck().all())).toEqual([1, 1])
})

test('a reply that is hidden while it comes stays hidden', async () => {
  const model = await openModel('ollama')
  const home = makeHome({ OLLAMA_HOST: model.url })
  await seed(home, sample(1))
  model.reply({ text: ['Half of ', 'it'], hang: true })
  const child = startCli(['chat', '--provider', 'ollama', '--model', 'm', '-s', ID, 'Hi'], { cwd: home.dir, env: home.env })
  child.stdin.end()
  const ended = once(child, 'exit')
  await until('the reply in the database', async () => (await shown(home)).at(1) === 'Half of it')
  await home.ok('session', 'hide', ID, '2')
  model.release()
  expect(await ended).toEqual([0, null])
  expect(await shown(home)).toEqual(['Hi'])
  expect(await shown(home, '--hidden')).toEqual(['Hi', 'Half of it'])
})
