interface Files {
  plugin: string
  test: string
}

/** A format that writes a session as plain headings. */
export const formatFiles = (name: string): Files => ({
  plugin: `import type { Plugin } from 'ainative-code'

export default {
  name: '${name}',
  apply({ hooks }) {
    hooks.formats.tap('${name}', ({ add }) =>
      add({
        name: '${name}',
        extension: '.${name}',
        write: ({ title, messages }) => [\`* \${title}\`, ...messages.map((each) => \`** \${each.role}\\n\${each.content}\`), ''].join('\\n'),
      }),
    )
  },
} satisfies Plugin
`,
  test: `${head(name, 'formats', 'Format')}
  const session = { title: 'Hello', messages: [{ role: 'user', content: 'Hi' }] }
  assert.equal(added.write(session as never), '* Hello\\n** user\\nHi\\n')
  return 'the format ${name} writes a session\\n'
}
`,
})

/** A provider that says again what it is told. */
export const providerFiles = (name: string): Files => ({
  plugin: `import type { Plugin } from 'ainative-code'

export default {
  name: '${name}',
  apply({ hooks }) {
    hooks.providers.tap('${name}', ({ add }) =>
      add({
        name: '${name}',
        async *reply({ messages }) {
          yield messages.at(-1)?.content ?? ''
        },
      }),
    )
  },
} satisfies Plugin
`,
  test: `${head(name, 'providers', 'Provider')}
  let text = ''
  const request = { messages: [{ role: 'user' as const, content: 'Hi' }] }
  for await (const chunk of added.reply?.(request, new AbortController().signal) ?? []) text += typeof chunk === 'string' ? chunk : chunk.text
  assert.equal(text, 'Hi')
  return 'the provider ${name} answers\\n'
}
`,
})

/** Applies the plugin to a hook that only catches what it adds. */
const head = (name: string, hook: string, type: string) => `import assert from 'node:assert/strict'
import type { ${type} } from 'ainative-code'
import plugin from './${name}.ts'

export default async function test() {
  let added = {} as ${type}
  const tap = (_: string, collect: (registry: unknown) => void) => collect({ add: (each: ${type}) => (added = each) })
  plugin.apply({ hooks: { ${hook}: { tap } } } as never, {})
  assert.equal(added.name, '${name}')`
