import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonContent, yamlContent } from '../../../core/config/config-content.ts'
import { configOf } from '../../../core/config/read-config.ts'

const YAML = `# the whole file
storage: # where
  path: ~/data/x.db # here
# the limits
defaults: { limit: 20, sort: title }
plugins:
- ./a.ts # mine
llm: # providers
`

test('a changed value of YAML leaves comments, order and style', async () => {
  const content = await yamlContent(YAML)
  content.set(['storage', 'path'], '/tmp/y.db')
  content.set(['defaults', 'limit'], 30)
  content.set(['llm', 'openai', 'api_key'], 'sk-1')
  expect(content.text()).toMatchInlineSnapshot(`
    "# the whole file
    storage:
      # where
      path: /tmp/y.db # here
    # the limits
    defaults: { limit: 30, sort: title }
    plugins:
    - ./a.ts # mine
    llm:
      # providers
      openai:
        api_key: sk-1
    "
  `)
  expect(content.get(['llm'])).toEqual({ openai: { api_key: 'sk-1' } })
})

test('a removed value takes the empty blocks above it along, and no comment', async () => {
  const content = await yamlContent(YAML)
  expect(content.unset(['storage', 'path'])).toBe(true)
  expect(content.unset(['storage', 'path'])).toBe(false)
  expect(content.unset(['defaults', 'sort'])).toBe(true)
  expect(content.unset(['llm', 'nope'])).toBe(false)
  expect(content.text()).toMatchInlineSnapshot(`
    "# the whole file
    storage:
      # where
      {}
    # the limits
    defaults: { limit: 20 }
    plugins:
    - ./a.ts # mine
    llm: # providers
    "
  `)
})

test('an empty file, and one of comments alone, take values', async () => {
  for (const before of ['', '# mine\n']) {
    const content = await yamlContent(before)
    content.set(['a', 'b'], 'c: d')
    expect(content.text()).toBe(`${before}${before && '\n'}a:\n  b: "c: d"\n`)
  }
})

test.each(['llm: text\n', 'llm: [1]\n', 'x: &a {b: 1}\nllm: *a\n'])('nothing is set below what is no block: %j', async (text) => {
  const content = await yamlContent(text)
  expect(() => content.set(['llm', 'b'], 1)).toThrow(/config llm: expected keys and values, not/)
})

test('JSON keeps its indentation and its numbers, and __proto__ is a key', async () => {
  const content = await jsonContent('{\n    "a": {\n        "b": 12345678901234567890\n    }\n}\n')
  content.set(['a', 'c'], 'x')
  content.set(['__proto__', 'd'], 1)
  expect(content.text()).toBe(
    '{\n    "a": {\n        "b": 12345678901234567890,\n        "c": "x"\n    },\n    "__proto__": {\n        "d": 1\n    }\n}\n',
  )
  expect(content.unset(['__proto__', 'd'])).toBe(true)
  expect(content.get(['a', 'c'])).toBe('x')
})

const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '2024-10-21',
    '1_000',
    '0x1F',
    '010',
    'no',
    'null',
    '~',
    '~/x',
    '.inf',
    '1e3',
    '12:30',
    '- a',
    '#a',
    '${A}',
    'a #b',
    'ü',
    ' a',
    'a\nb',
    '<<',
  ),
)

test('what is set is what the reader of configs reads', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.array(text)),
      async (value) => {
        const content = await yamlContent(YAML)
        content.set(['llm', 'openai', 'x'], value)
        const { llm } = await configOf({ file: 'config.yaml', text: content.text() }, {})
        expect(llm).toEqual({ openai: { x: Object.is(value, -0) ? 0 : value } })
      },
    ),
  )
})
