import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { hasShell, openPrompt } from '../helpers/completion.ts'
import { sample, seed } from '../helpers/seed.ts'
import { thin } from '../helpers/thin.ts'

/** Tags, each with a beginning that no other one has. */
const TAGS = [
  'me@example.com',
  'a:b:c',
  'x=y=z',
  '@team',
  'two words',
  `it's "so"`,
  '$(touch pwned)',
  '`touch pwned`',
  'q$HOME',
  'r`touch pwned`',
  '日本語のタグ',
  'über',
  '-dash',
  's;touch pwned',
  'c&u',
  '*star*',
  '{1..3}',
  '#hash',
  '~tilde',
  'v~w',
  'j!bang',
  'back\\slash',
  'pipe|cat',
  '[range]',
  '(y)',
  'n>pwned',
  '%percent',
  '^caret',
  '?mark',
  "'quoted'",
  '"double"',
]

async function stocked(): Promise<Home> {
  const home = makeHome()
  await seed(home, sample(1, { metadata: { tags: TAGS, project: 'p@q: r' } }))
  for (const name of ['d@1/more.json', 'with space/one.json', 'e:f/g=h.json', '$d/x.json']) home.write(name, '[]')
  return home
}

/** A beginning as a person types it: what means something to the shell after a backslash. */
const typed = (text: string) => text.replace(/[^\p{L}\p{N}@:=,./-]/gu, '\\$&')

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (name) => {
  test.skipIf(!hasShell(name))(`a completed word reaches the program as it is (skipped where ${name} is not installed)`, async () => {
    const home = await stocked()
    const prompt = await openPrompt(home, name)
    const wrong: unknown[] = []
    const check = async (line: string, wanted: string) => {
      const got = (await prompt.complete(`ainative-code ${line}`)).at(-1)
      if (got !== wanted) wrong.push({ line, got, wanted })
    }
    for (const tag of thin(3, TAGS)) {
      // fish completes a lone \\* as a wildcard.
      if (name === 'fish' && tag.startsWith('*')) continue
      const letters = [...tag]
      await check(`session list --tag ${typed(letters[0] ?? '')}`, tag)
      await check(`session list --tag=${typed(letters.slice(0, -2).join(''))}`, `--tag=${tag}`)
    }
    for (const tag of ['me@example.com', 'a:b:c', 'two words', `it's "so"`, "'quoted'", '"double"']) {
      const start = tag.slice(0, -2)
      await check(`session list --tag "${start.replace(/"/g, '\\"')}`, tag)
      if (!start.includes("'")) await check(`session list --tag '${start}`, tag)
    }
    await check('session import -i d@1/m', 'd@1/more.json')
    await check('session import -i e:f/g', 'e:f/g=h.json')
    await check('session import -i with\\ space/o', 'with space/one.json')
    await check('session import -i \\$d/', '$d/x.json')
    await check('session list --project p', 'p@q: r')
    await check('session list --project p@', 'p@q: r')
    expect(wrong).toEqual([])
    expect(fs.existsSync(home.path('pwned'))).toBe(false)
  })
})
