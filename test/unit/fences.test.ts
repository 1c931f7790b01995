import { expect, test } from 'vitest'
import { fencesOf } from '../../plugins/formats/fences.ts'

test.each([
  ['```go\nmain()\n```', [{ lang: 'go', text: 'main()' }]],
  ['a\r\n~~~ sh x\r\nls\r\n~~~\r\nb', [{ lang: 'sh x', text: 'ls' }]],
  ['````\n```\n````', [{ lang: '', text: '```' }]],
  ['1. x\n   ```ts\n   \tb\n     c\n   ```\n2. y', [{ lang: 'ts', text: '\tb\n  c' }]],
  ['- ```\n  a\n  ```', [{ lang: '', text: 'a' }]],
  ['- x\n\n      ```\n      a\n      ```', [{ lang: '', text: 'a' }]],
  ['> ```js\n> a\n>\n>   b\n> ```\nc', [{ lang: 'js', text: 'a\n\n  b' }]],
  [
    '> ```\n> a\nb\n```\nc\n```',
    [
      { lang: '', text: 'a' },
      { lang: '', text: 'c' },
    ],
  ],
  ['```\nno end\n', [{ lang: '', text: 'no end\n' }]],
  ['    ```\n    not one\n    ```', []],
  ['``` a ` b', []],
  ['inline ``` no', []],
  ['', []],
])('the blocks of %j', (text, blocks) => {
  expect(fencesOf(text)).toEqual(blocks)
})

test('long hostile lines take no long time', () => {
  for (const text of ['> '.repeat(200_000), '- '.repeat(200_000), '`'.repeat(400_000), ' '.repeat(400_000), '1) '.repeat(100_000)])
    expect(fencesOf(`${text}x\n${text}`).length).toBe(text.startsWith('`') ? 1 : 0)
})
