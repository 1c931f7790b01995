import { describe, expect, test } from 'vitest'
import { createHooks } from '../../core/kernel/hooks.ts'
import { type Home, makeHome, startCli } from '../helpers/cli.ts'
import { adds, ENDLESS, plugin, usePlugins } from '../helpers/plugins.ts'
import { thin } from '../helpers/thin.ts'

/** What runs each hook, and what is expected of the run where the plugin's part of it fails. */
interface Use {
  argv: string[]
  /** Lines for a script, in place of the words. */
  input?: string
  /** The exit code. */
  code: number
  /** The standard output, where the run continues. */
  stdout?: RegExp
}

const CREATE = ['session', 'create', '--title', 'T', '--json']
const CHAT = ['chat', '--provider', 'echo', '--model', 'm', 'hi']

const USES: Record<string, Use> = {
  commands: { argv: ['session', 'list', '--all'], code: 0, stdout: /Kept/ },
  formats: { argv: ['session', 'export', '--all', '-o', '-'], code: 0, stdout: /Kept/ },
  providers: { argv: ['session', 'create', '--title', 'T', '--provider', 'openai', '--json'], code: 0, stdout: /"id"/ },
  functions: { argv: ['query', 'sessions.title'], code: 0, stdout: /Kept/ },
  completers: { argv: ['complete', '--', 'session', 'show', '--format', ''], code: 0 },
  tasks: { argv: ['query', 'sessions.title'], code: 0, stdout: /Kept/ },
  store: { argv: ['session', 'list', '--all'], code: 1 },
  missing: { argv: ['session', 'show', 'zzzz'], code: 1 },
  incomplete: { argv: [], input: '1 + 1\n', code: 1 },
  line: { argv: [], input: 'sessions.title\n', code: 0, stdout: /Kept/ },
  start: { argv: [], input: 'sessions.title\n', code: 0, stdout: /Kept/ },
  query: { argv: ['session', 'list', '--query', 'true'], code: 1 },
  where: { argv: ['session', 'list', '--where', 'true'], code: 1 },
  saving: { argv: CREATE, code: 1 },
  saved: { argv: CREATE, code: 0, stdout: /"id"/ },
  asking: { argv: CHAT, code: 1 },
  replied: { argv: CHAT, code: 0, stdout: /^hi/ },
  warnings: { argv: ['session', 'list', '--all'], code: 0, stdout: /Kept/ },
  close: { argv: ['session', 'list', '--all'], code: 0, stdout: /Kept/ },
}

const ECHO = adds('providers', `{ name: 'echo', async *reply({ messages }) { yield messages.at(-1).content } }`)

/** A home with a session, and with a plugin whose taps of a hook are this code; they come before the taps of others. */
async function withTap(hook: string, ...taps: string[]): Promise<{ home: Home; file: string }> {
  const home = makeHome()
  await home.create('--title', 'Kept')
  const options = hook === 'providers' ? `'p'` : `{ name: 'p', stage: -10 }`
  const echo = hook === 'providers' ? '' : `${ECHO};`
  const code = taps.map((tap) => `hooks.${hook}.tap(${options}, ${tap});`).join(' ')
  const [file = ''] = usePlugins(home, { 'p.ts': plugin('p', `${echo} ${code}`) })
  return { home, file }
}

async function expectNamed(hook: string, tap: string, says: RegExp): Promise<void> {
  const { home, file } = await withTap(hook, tap)
  const { argv, input, code, stdout } = USES[hook] as Use
  const result = await home.runWith({ input }, ...argv)
  const named = new RegExp(`plugin 'p' \\(${file}\\) failed in hook '${hook}': `)
  expect(result).toMatchObject({ code, stderr: expect.stringMatching(named) })
  expect(result.stderr).toMatch(says)
  expect(result.stderr).not.toMatch(/bug in ainative-code|^ {4}at /m)
  expect(result.stdout).toMatch(stdout ?? /^$/)
}

/** Hooks that do not wait for a promise. */
const SYNC = ['commands', 'formats', 'providers', 'functions', 'line', 'start', 'warnings']
const hooks = Object.keys(USES).filter((hook) => hook !== 'completers' && hook !== 'tasks')

test('every hook is tried, but those that need a terminal', () => {
  expect(Object.keys(USES).sort()).toEqual(
    Object.keys(createHooks())
      .filter((hook) => hook !== 'terminal' && hook !== 'shell')
      .sort(),
  )
})

describe('a plugin that throws is named, whatever it throws', () => {
  const THROWN: [value: string, says: RegExp][] = [
    [`new Error('ouch')`, /: ouch/],
    ['undefined', /it threw undefined/],
    ['null', /it threw null/],
    [`''`, /it threw an empty text/],
    ['new TypeError()', /it threw TypeError without a message/],
    [`new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, has() { throw 3 } })`, /a value without a readable message/],
  ]
  const all = hooks.flatMap((hook, i) => [
    [hook, ...(THROWN[i % THROWN.length] as (typeof THROWN)[0])] as const,
    [hook, ...(THROWN[0] as (typeof THROWN)[0])] as const,
  ])
  test.each(thin(2, all))('in %s: %s', (hook, value, says) => expectNamed(hook, `() => { throw ${value} }`, says))
})

describe('a plugin whose promise never settles is named', () => {
  test.each(hooks.filter((hook) => !SYNC.includes(hook)))('in %s', (hook) =>
    expectNamed(hook, '() => new Promise(() => {})', /its promise never settled/),
  )
  test.each(SYNC)('in %s, which does not wait', (hook) =>
    expectNamed(hook, 'async () => {}', /it returned a promise, but this hook does not wait/),
  )
  test('of a callback that is never called, or is called with an error', async () => {
    for (const [call, says] of [
      ['', /its promise never settled/],
      [`done(new Error('ouch'))`, /ouch/],
    ] as const) {
      const home = makeHome()
      usePlugins(home, { 'p.ts': plugin('p', `hooks.saving.tapAsync('p', (change: any, done: any) => { ${call} })`) })
      const { code, stderr } = await home.run(...CREATE)
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/plugin 'p' .* failed in hook 'saving': /) })
      expect(stderr).toMatch(says)
    }
  })
})

test('a plugin that loops is stopped and named, in any hook', async () => {
  const looping = thin(6, ['saving', 'saved', 'where', 'close', 'functions', 'incomplete'])
  await Promise.all(looping.map((hook) => expectNamed(hook, `() => { ${ENDLESS} }`, /it did not end within 5 s/)))
})

test('where something keeps the program alive, a promise that never settles ends at its limit', async () => {
  const { home } = await withTap('close', '() => new Promise((resolve) => setInterval(() => {}, 1000))')
  const { code, stderr } = await home.run('session', 'list')
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(`hook 'close': it did not end within 5 s`) })
})

test('Ctrl-C ends a hook that hangs, and names it', async () => {
  const { home } = await withTap('saving', `() => new Promise(() => { setInterval(() => {}, 1000); process._rawDebug('begun') })`)
  const child = startCli(CREATE, { cwd: home.dir, env: home.env })
  let stderr = ''
  child.stderr.on('data', (data) => {
    if (!stderr) child.kill('SIGINT')
    stderr += data
  })
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130)
  expect(stderr).toMatch(/plugin 'p' .* in hook 'saving' did not end/)
})

const GETTER = `Object.defineProperty({}, 'id', { enumerable: true, get() { throw new Error('ouch') } })`
const PROXY = `new Proxy({}, { get() { throw new Error('ouch') }, ownKeys() { throw new Error('ouch') } })`

describe('a result that is not what the hook takes is named', () => {
  const JUNK: [hook: string, tap: string, says: RegExp][] = [
    ...['line', 'start'].flatMap((hook): (typeof JUNK)[0][] => [
      [hook, '() => 5', /returned 5, expected the words of a command/],
      [hook, '() => [["query"]]', /returned a list, expected the words of a command/],
    ]),
    ...['5', '"x"', 'true', '[]', '() => 1', 'Symbol()'].flatMap((value): (typeof JUNK)[0][] => [
      ['saving', `() => (${value})`, /returned .*, expected a change/],
      ['asking', `() => (${value})`, /expected a request/],
    ]),
    ['store', '() => 5', /: returned 5, expected a store/],
    ['store', '() => ({})', /returned a store without the function idsWithPrefix/],
    ['missing', '() => 5', /: returned 5, expected a list of \{ id, title \}/],
    ['incomplete', '() => 5', /: returned 5, expected a boolean or undefined/],
    ['where', '() => 5', /: returned 5, expected a function/],
    ['where', '() => () => 5', /the predicate returned 5, expected a boolean for each of 1 rows/],
    ['where', '() => () => []', /the predicate returned a list/],
    ['where', '() => () => { throw null }', /it threw null/],
    ['where', '() => () => new Promise(() => {})', /its promise never settled/],
    ['saving', '() => ({})', /returned a change with an invalid id/],
    ['saving', `() => ${GETTER}`, /ouch/],
    ['saving', `() => ${PROXY}`, /ouch/],
    ['asking', `() => ${PROXY}`, /ouch/],
    ['saving', `(change) => ({ ...change, id: 'another00001' })`, /changed the session id/],
    ['saving', `(change) => { change.id = 'another00001' }`, /changed the session id/],
    ['saving', `(change) => ({ ...change, create: { ...change.create, title: 5 } })`, /returned a change with an invalid create\.title/],
    ['saving', '(change) => { change.addTags = 5 }', /returned a change with an invalid addTags/],
    ['saving', '(change) => ({ ...change, append: [null] })', /returned a change with an invalid append\.0/],
    ['saving', '(change) => ({ ...change, setMeta: { n: 1n } })', /cannot be serialized as JSON/],
    ['asking', '(request) => ({ ...request, messages: [] })', /returned a request with an invalid messages/],
    [
      'asking',
      `(request) => ({ ...request, messages: [{ role: 'user', content: 5 }] })`,
      /returned a request with an invalid messages\.0\.content/,
    ],
  ]
  test.each(thin(2, JUNK))('%s: %s', async (hook, tap, says) => {
    await expectNamed(hook, tap, says)
  })

  test.each(['saved', 'replied', 'close', 'commands', 'functions'])('what %s returns is ignored', async (hook) => {
    const { home } = await withTap(hook, '() => 5', '() => ({})', '() => null')
    const { argv, stdout } = USES[hook] as Use
    const result = await home.run(...argv)
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(stdout ?? /^$/) })
    expect(result.stderr).not.toContain('plugin')
  })

  test('nothing, or null, leaves a change and a request as they are', async () => {
    const { home } = await withTap('saving', '() => undefined', '() => null')
    expect(await home.run(...CREATE)).toMatchObject({ code: 0, stderr: '' })
    const { home: other } = await withTap('asking', '() => undefined', '() => null')
    expect(await other.run(...CHAT)).toMatchObject({ code: 0, stdout: 'hi\n' })
  })
})

describe('a thing that a plugin adds and that returns junk is named', () => {
  const SHOW = ['session', 'export', '--all', '--format', 'x', '-o', '-']
  const JUNK: [kind: string, hook: string, item: string, argv: string[], says: RegExp][] = [
    ...thin(2, ['5', 'null', '[5]', '{}', 'new Promise(() => {})']).map((value): (typeof JUNK)[0] => [
      `a format that writes ${value}`,
      'formats',
      `{ name: 'x', extension: '.x', write: () => (${value}) }`,
      SHOW,
      /format 'x': (write returned|its promise never settled)/,
    ]),
    [
      'a format whose stream has a number',
      'formats',
      `{ name: 'x', extension: '.x', write: async function* () { yield 5 } }`,
      SHOW,
      /format 'x': write returned 5, expected a string/,
    ],
    [
      'a command that prints a number',
      'commands',
      `{ name: 'x', summary: '', input: z.object({}), run: () => 1, print: () => 5 }`,
      ['x'],
      /command 'x': print returned 5, expected a string or a stream of strings/,
    ],
    [
      'a command that prints nothing',
      'commands',
      `{ name: 'x', summary: '', input: z.object({}), run: () => 1, print: () => undefined }`,
      ['x'],
      /command 'x': print returned undefined/,
    ],
    [
      'a command that loads a number',
      'commands',
      `{ name: 'x', summary: '', load: async () => 5 }`,
      ['x'],
      /command 'x': load returned 5, expected a command/,
    ],
    [
      'a stream that never goes on',
      'commands',
      `{ name: 'x', summary: '', input: z.object({}), run: async function* () { await new Promise(() => {}) } }`,
      ['x'],
      /command 'x': its promise never settled/,
    ],
    ...thin(2, ['5', 'null', '{}']).map((value): (typeof JUNK)[0] => [
      `a provider that replies ${value}`,
      'providers',
      `{ name: 'x', reply: () => (${value}) }`,
      ['chat', '--provider', 'x', '--model', 'm', 'hi'],
      /provider 'x': reply returned/,
    ]),
    ...thin(2, ['async () => 5', 'async () => (async function* () {})()']).map((reply): (typeof JUNK)[0] => [
      `a provider that replies with ${reply}`,
      'providers',
      `{ name: 'x', reply: ${reply} }`,
      ['chat', '--provider', 'x', '--model', 'm', 'hi'],
      /^error: .*provider 'x': reply returned a promise, expected a stream\n.*$/,
    ]),
    ...thin(2, ['5', '[5]', '{ text: {} }', '{ model: 5 }', '{ finish_reason: 5 }', '{ part: 5 }', 'new Uint8Array(2)']).map(
      (chunk): (typeof JUNK)[0] => [
        `a provider that yields ${chunk}`,
        'providers',
        `{ name: 'x', async *reply() { yield 'a '; yield ${chunk} } }`,
        ['chat', '--provider', 'x', '--model', 'm', 'hi'],
        /provider 'x': reply yielded (?:.*, expected text or an object|a chunk with the .*, expected a)/,
      ],
    ),
    [
      'a format with a stream that is a promise',
      'formats',
      `{ name: 'x', extension: '.x', stream: async () => ['a'] }`,
      SHOW,
      /format 'x': stream returned a promise, expected a stream/,
    ],
    [
      'a provider that never answers',
      'providers',
      `{ name: 'x', reply: async function* () { await new Promise(() => {}) } }`,
      ['chat', '--provider', 'x', '--model', 'm', 'hi'],
      /provider 'x': its promise never settled/,
    ],
  ]
  test.each(JUNK)('%s', async (_, hook, item, argv, says) => {
    const home = makeHome()
    usePlugins(home, { 'p.ts': plugin('p', adds(hook, item)) })
    await home.create('--title', 'Kept')
    const { code, stderr } = await home.run(...argv)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/plugin 'p' \(.*p\.ts\) failed in /) })
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(/bug in ainative-code|^ {4}at /m)
  })
})

describe('a plugin with wrong members is one line', () => {
  const WRONG = [
    [`export default { name: 'p', requires: 5, apply() {} }`, 'invalid requires: expected a list of plugin names'],
    [`export default { name: 'p', version: 5, apply() {} }`, 'invalid version: expected a string'],
    [`export default { name: 'p', configPath: {}, apply() {} }`, 'invalid configPath: expected a string'],
    [`export default { name: 'p', config: 5, apply() {} }`, 'invalid config: expected a zod schema'],
    [`export default { get name() { throw new Error('ouch') }, apply() {} }`, 'ouch'],
    [`export default new Proxy({}, { get() { throw new Error('ouch') } })`, 'ouch'],
    [`export default { name: 'p', apply() { throw undefined } }`, 'it threw undefined'],
  ]
  test('of each kind', async () => {
    const home = makeHome()
    const files = usePlugins(home, Object.fromEntries(WRONG.map(([text = ''], i) => [`${i}.ts`, text])))
    const { code, stderr } = await home.run('session', 'list')
    expect(code).toBe(0)
    const lines = stderr.split('\n').filter((line) => line.startsWith('warning: '))
    for (const [i, [, says]] of WRONG.entries()) expect(lines[i]).toMatch(new RegExp(`\\(${files[i]}\\) was not loaded: .*${says}`))
    expect(lines).toHaveLength(WRONG.length)
  })

  test('one of a code config that cannot even be asked for its name', async () => {
    const home = makeHome()
    home.write('.config/ainative-code/config.ts', `export default { plugins: [new (class { get name() { throw new Error('ouch') } })()] }`)
    const { code, stderr } = await home.run('session', 'list')
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("plugin '(unnamed)'") })
  })

  test('a member that changes after it was read is not read again', async () => {
    const home = makeHome()
    const text = `let reads = 0\nexport default { name: 'p', get configPath() { if (reads++ > 0) throw new Error('again'); return 'own' }, apply() {} }`
    usePlugins(home, { 'p.ts': text })
    expect(await home.run('session', 'list')).toMatchObject({ code: 0, stderr: 'no session matches\n' })
  })
})

test('a failure after each save is one warning, and what was saved stays', async () => {
  const { home } = await withTap('saved', `() => { throw new Error('ouch') }`)
  const { code, stderr, stdout } = await home.runWith({ input: 'session create --title A\nsession create --title B\n' })
  expect({ code, warnings: stderr.match(/^warning: /gm) }).toEqual({ code: 0, warnings: ['warning: '] })
  expect(stdout.match(/Created session/g)).toHaveLength(2)
})

test('a TypeScript script whose promise never settles is named', async () => {
  const home = makeHome()
  home.write('s.ts', 'export default () => new Promise(() => {})')
  expect(await home.run('run', 's.ts')).toMatchObject({ code: 1, stderr: 'error: s.ts: its promise never settled\n' })
})
