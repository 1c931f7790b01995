import { expect, test } from 'vitest'
import { type Home, makeHome } from '../helpers/cli.ts'
import { answer, openShell, type Terminal } from '../helpers/pty.ts'
import { sample, seed } from '../helpers/seed.ts'

const LINE = /\r\n$/

/** Clears the line, types these keys, and gives what is then shown once it matches. */
async function typed(shell: Terminal, keys: string[], pattern: RegExp): Promise<string> {
  shell.type('\x05\x15')
  shell.clear()
  for (const each of keys) {
    const before = shell.text()
    shell.type(each)
    await shell.until(new RegExp(`[\\s\\S]{${before.length + 1}}`))
  }
  return shell.until(pattern)
}

async function stocked(): Promise<Home> {
  const home = makeHome()
  await seed(
    home,
    sample(1, { id: 'aaaa11112222', title: 'First one', metadata: { tags: ['golang', 'rest api'], project: 'backend' } }),
    sample(2, { id: 'aaaa33334444', title: 'A $(touch pwned) `x` "y"', metadata: { tags: ['gopher'] }, model: 'my-model' }),
    sample(3, { id: 'bbbb55556666', title: 'Third\none' }),
  )
  return home
}

test('Tab completes commands, flags, ids, tags, providers, formats and what JSONata knows', async () => {
  const shell = await openShell(await stocked())
  const cases: [keys: string[], pattern: RegExp][] = [
    [['sess', '\t', ' li', '\t'], /session list /],
    [['session show b', '\t'], /session show bbbb55556666 /],
    [['session show a', '\t'], /session show aaaa(?!\d)/],
    [['session tag aaaa11112222 gop', '\t'], /aaaa11112222 gopher /],
    [['session list --rev', '\t'], /session list --reverse /],
    [['session list --tag res', '\t'], /--tag rest\\ api /],
    [["session list --tag 'res", '\t'], /--tag 'rest api' /],
    [['session list --tag=gop', '\t'], /--tag=gopher /],
    [['session list --provider ol', '\t'], /--provider ollama /],
    [['session list --model my', '\t'], /--model my-model /],
    [['session list --project b', '\t'], /--project backend /],
    [['session list --sort m', '\t'], /--sort messages /],
    [['session list --status p', '\t'], /--status paused /],
    [['session list --format js', '\t', '\t\t'], /json\s+jsonl/],
    [['session export --format mark', '\t'], /--format markdown /],
    [['session create --title x --tags a,gop', '\t'], /--tags a,gopher /],
    [['session import -i se', '\t'], /-i seed\.json /],
    [['$co', '\t\t'], /\$contains\(\s+\$count\(/],
    [['$cou', '\t'], /\$count\(/],
    [['$count(sessions[prov', '\t'], /\$count\(sessions\[provider/],
    [['$count(sessi', '\t'], /\$count\(sessions/],
    [["query '$count(sessi", '\t'], /\$count\(sessions/],
    [['config set defaults.color nev', '\t'], /defaults\.color never /],
    [['help session ren', '\t'], /help session rename /],
  ]
  for (const [keys, pattern] of cases) await typed(shell, keys, pattern)
})

test('a second Tab lists what there is: ids with their titles, which cannot steer the terminal', async () => {
  const shell = await openShell(await stocked())
  const text = await typed(shell, ['session show ', '\t\t'], /First one/)
  expect(text).toMatch(/bbbb55556666 Third one\r?\r\naaaa33334444 A \$\(touch pwned\) `x` "y"\r?\r\naaaa11112222 First one/)
  const columns = await typed(shell, ['session ', '\t\t'], /untag +Remove tags/)
  expect(columns).not.toMatch(LINE)
  await typed(shell, ['session show zz', '\t\tz'], /zzz$/)
  await answer(shell, '\x15' + '1 + 1', /\r\n2\r\n/)
})

test('a flag that is there already is not offered again, unless it may be repeated', async () => {
  const home = await stocked()
  const flags = async (...words: string[]) =>
    (await home.ok('complete', 'zsh', '--', ...words)).split('\n').map((line) => line.split('\t')[0])
  expect(await flags('session', 'list', '--tag', 'x', '--sort', 'date', '--')).toContain('--tag')
  expect(await flags('session', 'list', '--tag', 'x', '--sort', 'date', '--')).not.toContain('--sort')
  expect(await flags('session', 'list', '-n', '3', '--')).not.toContain('--limit')
  expect(await flags('session', 'create', '--no')).toEqual(['--no-activate', ''])
  expect(await flags('session', 'list', '--', '--')).toEqual([''])
})
