import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { hasShell, openPrompt } from '../helpers/completion.ts'
import { sample, seed } from '../helpers/seed.ts'
import { shell } from '../helpers/shell.ts'

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
    expect(await bash(home, 'A=b ainative-code session sho')).toEqual(['show '])
    expect(await bash(home, 'ainative-code session show b')).toEqual(['bbbb33334444 '])
    expect(await bash(home, 'ainative-code session list --tag=g')).toEqual(['golang '])
    expect(await bash(home, 'ainative-code session list --tag a:')).toEqual(['b '])
    expect(await bash(home, "ainative-code session list --tag 're")).toEqual(["rest api'"])
    expect(await bash(home, 'ainative-code session list --tag rest')).toEqual(['rest\\ api '])
    expect(await bash(home, 'ainative-code session list --tag $')).toEqual([''])
    expect(await bash(home, 'ainative-code session list --tag "$')).toEqual([''])
    expect(await bash(home, 'ainative-code session list --tag \\$')).toEqual(['\\$\\(touch\\ pwned\\) '])
    expect(await bash(home, 'ainative-code session list --tag it')).toEqual(["it\\'s "])
    expect(await bash(home, 'ainative-code session export --format m')).toEqual(['markdown '])
    expect(await bash(home, 'ainative-code nonsense ')).toEqual([''])
    expect(fs.existsSync(home.path('pwned'))).toBe(false)
  })
})

describe.skipIf(!hasShell('zsh'))('zsh (skipped where it is not installed)', () => {
  test('completes commands, flags, ids, tags and formats', async () => {
    const home = await stocked()
    const { complete } = await openPrompt(home, 'zsh')
    expect(await complete('ainative-code session sho')).toEqual(['session', 'show'])
    expect(await complete('ainative-code session show b')).toEqual(['session', 'show', 'bbbb33334444'])
    expect(await complete('ainative-code session list --tag=gol')).toEqual(['session', 'list', '--tag=golang'])
    expect(await complete("ainative-code session list --tag 're")).toEqual(['session', 'list', '--tag', 'rest api'])
    expect(await complete('ainative-code session export --format mark')).toEqual(['session', 'export', '--format', 'markdown'])
  })

  test('lists ids with their titles', async () => {
    const home = await stocked()
    const { type } = await openPrompt(home, 'zsh')
    const screen = await type('ainative-code session show \t', /(?=[\s\S]*x y z)(?=[\s\S]*Second)/)
    expect(screen).toContain('bbbb33334444  -- Second')
    expect(screen).toContain(`aaaa11112222  -- A $(touch pwned) \`touch pwned\` "q" 'r': x y z`)
    expect(fs.existsSync(home.path('pwned'))).toBe(false)
  })
})

describe.skipIf(!hasShell('fish'))('fish (skipped where it is not installed)', () => {
  const fish = async (home: Home, line: string) => {
    const { stdout } = await shell(
      { ...home, env: { ...home.env, LINE: line } },
      `fish --no-config -c 'ainative-code completion fish | source; complete -C "$LINE"'`,
    )
    return stdout.split('\n').slice(0, -1)
  }
  test('completes commands, flags, ids with titles, tags and formats', async () => {
    const home = await stocked()
    expect(await fish(home, 'ainative-code session sho')).toEqual(['show\tShow a session and its messages'])
    expect(await fish(home, 'ainative-code session show b')).toEqual(['bbbb33334444\tSecond'])
    expect(await fish(home, 'ainative-code session show a')).toEqual([`aaaa11112222\tA $(touch pwned) \`touch pwned\` "q" 'r': x y z`])
    expect(await fish(home, 'ainative-code session list --tag=gol')).toEqual(['--tag=golang'])
    expect(await fish(home, 'ainative-code session list --tag res')).toEqual(['rest api'])
    expect(await fish(home, 'ainative-code session export --format m')).toEqual(['markdown'])
    expect(fs.existsSync(home.path('pwned'))).toBe(false)
  })
})
