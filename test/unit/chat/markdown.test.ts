import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createMarkdownRenderer } from '../../../plugins/formats/markdown-renderer.ts'

const styled = (pieces: string[], width = 80) => {
  const blocks = createMarkdownRenderer(() => width)
  return pieces.map((piece) => blocks.add(piece)).join('') + blocks.end()
}

const render = (pieces: string[], width?: number) => stripVTControlCharacters(styled(pieces, width))

test('blocks come when they are whole, and the same whichever way the text is cut', () => {
  const text =
    '# A\n\nText\nmore\n\n1. one\n\n2. two\n\n   inside\n\nAfter\n\n~~~\ncode\n\nmore\n~~~\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n'
  const whole = render([text])
  expect(render([...text])).toBe(whole)
  expect(render(text.match(/[\s\S]{1,7}/g) ?? [])).toBe(whole)
  const blocks = createMarkdownRenderer(() => 80)
  expect(blocks.add('# A\n')).toBe('')
  expect(stripVTControlCharacters(blocks.add('\nText'))).toBe('A')
  expect(blocks.add(' goes on')).toBe('')
  expect(stripVTControlCharacters(blocks.add('\n\n```\ncode\n\nmore\nha'))).toBe('\n\nText goes on\n\n```\ncode\n\nmore')
  expect(stripVTControlCharacters(blocks.preview())).toBe('\nha')
  expect(stripVTControlCharacters(blocks.add('lf\n```\n'))).toBe('\nhalf\n```')
})

test.each([
  ['10:100:20 :heart: std::b::c `a::b::c` &amp; &#x1F600; `&amp;` a&copy=1', '10:100:20 :heart: std::b::c a::b::c & 😀 &amp; a&copy=1'],
  ['- **bold** and `code`\n  - in *it*\n- [x] done\n- [ ] `open`', '- bold and code\n  - in it\n- [x] done\n- [ ] open'],
  ['3. three\n4) four\n\n9. nine', '3. three\n4) four\n\n9. nine'],
  ['* star\n* more\n\ntext\n\n+ plus', '* star\n* more\n\ntext\n\n+ plus'],
  ['Let \\(x_1 * y_2 * z\\) and \\[ \\{c\\} \\] be \\*so\\*', 'Let \\(x_1 * y_2 * z\\) and \\[ \\{c\\} \\] be *so*'],
  ['[a](b "a title") [c](c)', 'a (b "a title") c'],
  [`${'1. x\n'.repeat(3)}   - y\n1. z`, '1. x\n2. x\n3. x\n   - y\n4. z'],
  ['1. a\n\n   ```\n   x\n\n\n   * y\n   ```\n\n2. b', '1. a\n\n```\nx\n\n\n* y\n```\n\n2. b'],
  ['```nonesuch\na::b\n\n  &amp;\n```', '```nonesuch\na::b\n\n  &amp;\n```'],
  ['```md\n    ```\n    in\n```\nout', '```md\n    ```\n    in\n```\n\nout'],
  ['- ```js\n  a\n\n  b\n  ```\n\nout', '-\n```js\na\n\nb\n```\n\nout'],
  ['```make\na:\n\tb\tc\n```', '```make\na:\n\tb\tc\n```'],
  ['- x\n  ~~~\n  \ta\tb\n  ~~~', '- x\n~~~\n\ta\tb\n~~~'],
  ['1.\tx\n\n\t```\n\ta\tb\n\t```', '1. x\n\n```\na\tb\n```'],
  ['```not a fence``` here\n\nmore', 'not a fence here\n\nmore'],
  ['> a\n> - b\n>\n> c', '│ a\n│ \n│ - b\n│ \n│ c'],
  [
    '[text](https://a.b/c) <https://d.e> https://f.g [h][1]\n\n[1]: https://i.j',
    'text (https://a.b/c) https://d.e https://f.g [h][1]\n\n[1]: https://i.j',
  ],
  ['![alt](http://i.j/k.png) <b>x</b> a<br>b', '![alt](http://i.j/k.png) <b>x</b> a\nb'],
  ['| a | b |\n|---|---|\n| 1 | `x|y` |\n| 2 \\| 3 | z |', '| a | b |\n|---|---|\n| 1 | `x|y` |\n| 2 \\| 3 | z |'],
  ['<details>\n<summary>x</summary>\n</details>', '<details>\n<summary>x</summary>\n</details>'],
  [
    `${'word '.repeat(20)}${'https://example.com/'.padEnd(90, 'x')}`,
    `${'word '.repeat(16).trim()}\nword word word word\n${'https://example.com/'.padEnd(90, 'x')}`,
  ],
])('nothing that %j says is lost or becomes something else', (text, shown) => expect(render([text])).toBe(shown))

test('a table fits the terminal, and every word stays', () => {
  const shown = render(['| name | what **it** is |\n|---|--:|\n| a | some words that are too many |\n| 漢字 | `x` |\n'], 30)
  expect(shown).toMatchInlineSnapshot(`
    "┌──────┬─────────────────────┐
    │ name │          what it is │
    ├──────┼─────────────────────┤
    │ a    │ some words that are │
    │      │            too many │
    │ 漢字 │                   x │
    └──────┴─────────────────────┘"
  `)
})

test('a table that has no room is shown row by row, and one without rows as it is', () => {
  const head = '| one | two | three | four |\n|---|---|---|---|\n'
  expect(render([`${head}| a word | b | c | d |\n| e | f | g | h |\n`], 20)).toBe(
    'one: a word\ntwo: b\nthree: c\nfour: d\n\none: e\ntwo: f\nthree: g\nfour: h',
  )
  expect(render([head], 20)).toBe(head.trim())
})

test('inner styles end and outer ones go on', () => {
  expect(styled(['# a **b** `c` d'])).toContain('\u001b[35ma \u001b[1mb\u001b[22m\u001b[1m \u001b[33mc\u001b[39m\u001b[35m d')
})

test.each(['&#27;[2J', '&#x9b;2J', '[a](b&#27;[2J)', '`&#7;`', '<b title="&#27;">', '```\n&#27;\n```'])('%s steers no terminal', (text) => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none may come through but those of colours
  expect(styled([text]).replace(/\u001b\[\d+m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})

test('a block that is not whole is previewed at the width of the moment', () => {
  let width = 80
  const blocks = createMarkdownRenderer(() => width)
  blocks.add('# T\n\nsome **bold text')
  expect(stripVTControlCharacters(blocks.preview())).toBe('\n\nsome **bold text')
  width = 10
  blocks.add('** and more')
  expect(stripVTControlCharacters(blocks.preview())).toBe('\n\nsome bold\ntext and\nmore')
  expect(stripVTControlCharacters(blocks.end())).toBe('\n\nsome bold\ntext and\nmore')
})

test('an item of a list is shown when the next one begins', () => {
  const blocks = createMarkdownRenderer(() => 80)
  expect(blocks.add('Some:\n\n- one\n')).toContain('Some:')
  expect(stripVTControlCharacters(blocks.add('- two\n'))).toBe('\n\n- one')
  expect(stripVTControlCharacters(blocks.add('\n- three\n'))).toBe('\n- two')
})

test('quotes thousands deep are shown as they are', () => expect(render([`${'>'.repeat(5000)} deep`])).toBe(`${'>'.repeat(5000)} deep`))
