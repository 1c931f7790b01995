import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import pty from 'node-pty'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { withProgram } from '../helpers/path.ts'
import { sample, seed } from '../helpers/seed.ts'
import { shell } from '../helpers/shell.ts'

const has = (name: string) => spawnSync(name, ['--version']).status === 0

const EVIL = `A $(touch pwned) \`touch pwned\` "q" 'r': x\ny\tz`

async function stocked(): Promise<Home> {
  const home = makeHome()
  await seed(
    home,
    sample(1, {
      id: 'aaaa11112222',
      title: EVIL,
      metadata: { tags: ['golang', 'rest api', '$(touch pwned)', "it's", 'a:b', 'x\ny'], project: 'p' },
    }),
    sample(2, { id: 'bbbb33334444', title: 'Second' }),
  )
  return home
}

/** What bash would put in the place of the word at the end of this line. */
async function bash(home: Home, line: string): Promise<string[]> {
  const script = `eval "$(ainative-code completion bash)"; COMP_LINE=$LINE COMP_POINT=\${#LINE}; _ainative_code; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr, code } = await shell({ ...home, env: { ...home.env, LINE: line } }, script)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.split('\n').slice(0, -1)
}

describe('bash', () => {
  test('completes commands, flags, ids, tags and formats', async () => {
    const home = await stocked()
    expect(await bash(home, 'ainative-code sess')).toEqual(['session '])
    expect(await bash(home, 'A=b ainative-code session sh')).toEqual(['show '])
    expect(await bash(home, 'ainative-code session show b')).toEqual(['bbbb33334444 '])
    expect(await bash(home, 'ainative-code session list --tag=g')).toEqual(['golang '])
    expect(await bash(home, 'ainative-code session list --tag a:')).toEqual(['b '])
    expect(await bash(home, "ainative-code session list --tag 're")).toEqual(['rest api'])
    expect(await bash(home, 'ainative-code session list --tag rest')).toEqual(['rest\\ api '])
    expect(await bash(home, 'ainative-code session list --tag $')).toEqual([''])
    expect(await bash(home, 'ainative-code session list --tag "$')).toEqual([''])
    expect(await bash(home, 'ainative-code session list --tag \\$')).toEqual(['\\$\\(touch\\ pwned\\) '])
    expect(await bash(home, 'ainative-code session list --tag it')).toEqual(["it\\'s "])
    expect(await bash(home, 'ainative-code session export --format m')).toEqual(['markdown '])
    expect(await bash(home, 'ainative-code nonsense ')).toEqual([''])
    expect(fs.existsSync(home.path('pwned'))).toBe(false)
  })

  test('a tag that is code runs nothing, completed at a real prompt', async () => {
    const home = await stocked()
    const setup = 'eval "$(ainative-code completion bash)"'
    const [screen] = await atPrompt(home, 'bash', ['--norc'], setup, [['session list --tag \\$\t', /pwned\\\) $/]])
    expect(screen).toContain('\\$\\(touch\\ pwned\\)')
    expect(fs.existsSync(home.path('pwned'))).toBe(false)
  })
})

describe.skipIf(!has('zsh'))('zsh (skipped where it is not installed)', () => {
  const setup = 'autoload -U compinit; compinit -u; eval "$(ainative-code completion zsh)"'
  test('completes commands, flags, ids, tags and formats, and lists ids with their titles', async () => {
    const home = await stocked()
    const [screen] = await atPrompt(home, 'zsh', ['-f'], setup, [
      ['session show \t', /Second/],
      ['session sh\t', /show $|ow $/],
      ['session show b\t', /bbb33334444 $/],
      ['session list --tag=gol\t', /golang $/],
      ['session list --tag rest\t', /\\ api $/],
      ["session list --tag 're\t", /st api' $/],
      ['session list --tag \\$\t', /\\\(touch\\ pwned\\\) $/],
      ['session export --format mark\t', /down $/],
    ])
    expect(screen).toContain('bbbb33334444  -- Second')
    expect(screen).toContain(`aaaa11112222  -- A $(touch pwned) \`touch pwned\` "q" 'r': x y z`)
    expect(fs.existsSync(home.path('pwned'))).toBe(false)
  })
})

describe.skipIf(!has('fish'))('fish (skipped where it is not installed)', () => {
  const fish = async (home: Home, line: string) => {
    const { stdout } = await shell(
      { ...home, env: { ...home.env, LINE: line } },
      `fish --no-config -c 'ainative-code completion fish | source; complete -C "$LINE"'`,
    )
    return stdout.split('\n').slice(0, -1)
  }
  test('completes commands, flags, ids with titles, tags and formats', async () => {
    const home = await stocked()
    expect(await fish(home, 'ainative-code session sh')).toEqual(['show\tShow a session and its messages'])
    expect(await fish(home, 'ainative-code session show b')).toEqual(['bbbb33334444\tSecond'])
    expect(await fish(home, 'ainative-code session show a')).toEqual([`aaaa11112222\tA $(touch pwned) \`touch pwned\` "q" 'r': x y z`])
    expect(await fish(home, 'ainative-code session list --tag=gol')).toEqual(['--tag=golang'])
    expect(await fish(home, 'ainative-code session list --tag res')).toEqual(['rest api'])
    expect(await fish(home, 'ainative-code session export --format m')).toEqual(['markdown'])
    expect(fs.existsSync(home.path('pwned'))).toBe(false)
  })
})

/** Starts a shell in a terminal, sets completion up, and types words after the program's name, each time until the screen matches. */
async function atPrompt(
  home: Home,
  name: string,
  argv: string[],
  setup: string,
  steps: [keys: string, pattern: RegExp][],
): Promise<string[]> {
  const env = { ...withProgram(home), PS1: 'READY> ', TERM: 'dumb', INPUTRC: '/dev/null' }
  const child = pty.spawn(name, argv, { cols: 120, rows: 40, cwd: home.dir, env: env as Record<string, string> })
  onTestFinished(() => child.kill('SIGKILL'))
  let screen = ''
  child.onData((data) => {
    screen += data
  })
  const type = async (keys: string, wanted: RegExp) => {
    screen = ''
    child.write(keys)
    for (let left = 10_000; !wanted.test(screen); left -= 20) {
      if (left <= 0) throw new Error(`${wanted} did not come; the screen shows ${JSON.stringify(screen)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return screen
  }
  await type('', /READY> /)
  await type(`${setup}; PS1='SET''> '\r`, /SET> /)
  const screens: string[] = []
  for (const [keys, pattern] of steps) {
    screens.push(await type(`ainative-code ${keys}`, pattern))
    await type('\x03', /SET> /)
  }
  return screens
}
