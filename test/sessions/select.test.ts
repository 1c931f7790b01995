import { describe, expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { failure, sample, seed, talk, titles } from '../helpers/seed.ts'

const made = () => {
  const home = makeHome()
  const ready = seed(
    home,
    sample(1, { title: 'OAuth in Go', metadata: { tags: ['go', 'auth'], project: 'backend' }, messages: talk('a', 'b', 'c') }),
    sample(2, { title: 'Über die STRASSE', metadata: { tags: ['go'], project: 'frontend' }, model: 'other' }),
    sample(3, { title: '100% of_it', metadata: { tags: ['auth'], project: 'backend' }, provider: 'my-own', messages: talk('a') }),
    sample(4, { title: 'Nothing', provider: null, model: null, metadata: {} }),
  )
  return { home, ready }
}

describe('selection flags', () => {
  test('choose by title, tag, project, provider, model and status', async () => {
    const { home, ready } = made()
    await ready
    const cases: [flags: string[], titles: string[]][] = [
      [['--search', 'OAUTH'], ['OAuth in Go']],
      [['--search', 'über DIE straße'], ['Über die STRASSE']],
      [['--search', 'ÜBER'], ['Über die STRASSE']],
      [['--search', '%'], ['100% of_it']],
      [['--search', 'f_i'], ['100% of_it']],
      [['--search', 'zzz'], []],
      [
        ['--tag', 'go'],
        ['Über die STRASSE', 'OAuth in Go'],
      ],
      [['--tag', 'Go'], []],
      [
        ['--project', 'backend'],
        ['100% of_it', 'OAuth in Go'],
      ],
      [['--provider', 'my-own'], ['100% of_it']],
      [['--provider', 'nobody'], []],
      [['--model', 'other'], ['Über die STRASSE']],
    ]
    const shown = await Promise.all(cases.map(([flags], i) => titles(i === 1 ? home : here(home), ...flags)))
    expect(shown.map((each, i) => [cases[i]?.[0], each])).toEqual(cases)
  })

  test('all have to hold, each repeated --tag too', async () => {
    const { home, ready } = made()
    await ready
    const [tags, mixed, none, where] = await Promise.all([
      titles(home, '--tag', 'go', '--tag', 'auth'),
      titles(home, '--tag', 'auth', '--project', 'backend', '--provider', 'anthropic', '--search', 'oauth'),
      titles(home, '--tag', 'go', '--provider', 'my-own'),
      titles(home, '--project', 'backend', '--where', 'message_count > 1'),
    ])
    expect([tags, mixed, none, where]).toEqual([['OAuth in Go'], ['OAuth in Go'], [], ['OAuth in Go']])
  })
})

describe('--where', () => {
  test('is any predicate over the fields of one session; nothing does not match', async () => {
    const { home, ready } = made()
    await ready
    const cases: [where: string, titles: string[]][] = [
      ['message_count > 0', ['100% of_it', 'OAuth in Go']],
      ['"auth" in tags and provider = "anthropic"', ['OAuth in Go']],
      ['$contains(title, /go/i)', ['OAuth in Go']],
      ['metadata.project = "frontend"', ['Über die STRASSE']],
      ['metadata.nothing', []],
      ['created_at >= "2024-01-03" and $exists(metadata.project)', ['100% of_it']],
      ['false', []],
      ['$not(provider = "anthropic")', ['Nothing', '100% of_it']],
    ]
    const shown = await Promise.all(cases.map(([where]) => titles(home, '--where', where)))
    expect(shown.map((each, i) => [cases[i]?.[0], each])).toEqual(cases)
  })

  test('an answer that is no boolean is an error that names the session', async () => {
    const { home, ready } = made()
    await ready
    const [text, number, array, raised] = await Promise.all(
      ['title', 'message_count', 'tags', '$number(title) > 1'].map((where) => home.run('session', 'list', '--where', where)),
    )
    expect(text?.stderr).toMatchInlineSnapshot(`
      "error: --where returned "Nothing" for session sample000004, expected true or false
      hint: use a comparison, such as message_count > 10, "go" in tags or $contains(title, "API")
      "
    `)
    expect(number?.stderr).toContain('--where returned 0 for session sample000004')
    expect(array?.stderr).toMatch(/--where returned .* for session sample00000\d/)
    expect(raised?.stderr).toContain('sample000004')
    expect([text, number, array, raised].map((each) => [each?.code, each?.stdout])).toEqual(Array(4).fill([1, '']))
  })

  test('a predicate that is not JSONata is wrong usage, even where there is no session', async () => {
    const said = await Promise.all(
      ['message_count >', '', '(((', 'a b'].map((where) => failure(makeHome(), 2, ['session', 'list', '--where', where])),
    )
    expect(said[0]).toMatchInlineSnapshot(`
      "error: this is not JSONata: Unexpected end of expression
        message_count >
                      ^
      "
    `)
  })

  test('a note says that a list was cut', async () => {
    const { home, ready } = made()
    await ready
    const { stderr } = await home.run('session', 'list', '--where', 'true', '-n', '2')
    expect(stderr).toContain('--all shows all')
  })
})
