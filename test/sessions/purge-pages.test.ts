import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { sample, script, seed } from '../helpers/seed.ts'
import { thin } from '../helpers/thin.ts'
import { traces } from '../helpers/traces.ts'

/** The same numbers in every run. */
function numbers(start: number) {
  let last = start
  return (most: number) => {
    last = (last * 1103515245 + 12345) & 0x7fffffff
    return last % most
  }
}

// SQLite's secure_delete leaves bytes behind when it moves cells between pages: only many layouts show it.
const LAYOUTS = [
  { longest: 300, every: 4, one: false },
  { longest: 300, every: 2, one: false },
  { longest: 2000, every: 3, one: true },
  { longest: 900, every: 2, one: true },
]

test.each(thin(2, LAYOUTS))('a purge leaves no byte in any page, whatever its neighbours: %o', async ({ longest, every, one }) => {
  const home = makeHome()
  const next = numbers(longest + every)
  const filler = (letter: string) => letter.repeat(next(longest))
  const first = () => ['alpha', 'Session', 'zeta', 'middle'][next(4)]
  const all = Array.from({ length: one ? 240 : 600 }, (_, i) => {
    const word = i % every ? 'keep' : 'secret'
    const metadata = { tags: [`${word}${next(300)}`], project: `${word} ${filler('p')}` }
    return sample(i + 1, { title: `${first()} ${word} ${filler('t')}`, metadata })
  })
  await seed(home, ...all)
  await script(
    home,
    ...all.slice(0, 100).map(({ id }, i) => `session rename ${id} "${first()} ${i % every ? 'keep' : 'secret'} ${filler('r')}"`),
  )
  await here(home).ok('session', 'delete', '--search', 'secret')
  const kept = await here(home).ok('session', 'export', '--all', '--format', 'jsonl', '-o', '-')
  const hit = all.filter((_, i) => i % every === 0).map(({ id }) => id)
  if (one) await script(home, ...hit.map((id) => `session purge ${id}`))
  else await home.ok('session', 'purge', '--all', '--force')
  expect(traces(home, ['secret', ...hit])).toEqual([])
  expect(await here(home).ok('session', 'export', '--all', '--format', 'jsonl', '-o', '-')).toBe(kept)
})
