import { describe, expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { failure, sample, seed, titles } from '../helpers/seed.ts'

describe('rename', () => {
  test('gives a session another title', async () => {
    const home = makeHome()
    await seed(home, sample(1))
    expect(await home.ok('session', 'rename', 'sample000001', 'OAuth 2.0 "Guide"')).toMatchInlineSnapshot(`
      "Renamed sample000001 to "OAuth 2.0 \\"Guide\\""
      "
    `)
    expect(await titles(home)).toEqual(['OAuth 2.0 "Guide"'])
  })

  test('needs a title that is not blank, in one word', async () => {
    const home = makeHome()
    await seed(home, sample(1))
    const wrong = [[], ['sample000001'], ['sample000001', ''], ['sample000001', 'two', 'words']]
    const said = await Promise.all(wrong.map((words) => failure(home, 2, ['session', 'rename', ...words])))
    expect(said.join('')).toMatchInlineSnapshot(`
      "error: session rename needs <id>
      hint: ainative-code session rename --help
      error: session rename needs <title>
      hint: ainative-code session rename --help
      error: <title> "": a title cannot be blank
      error: unexpected argument "words": session rename takes <id> <title>
      hint: quote a text that contains spaces
      "
    `)
  })
})
