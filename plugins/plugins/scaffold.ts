interface Files {
  plugin: string
  test: string
}

/** A format that writes a session as plain headings. */
export const formatFiles = (name: string): Files => ({
  plugin: text(`
    import type { Plugin } from 'ainative-code'

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
  `),
  test: text(`
    ${head(name, 'formats', 'Format')}
      const session = { title: 'Hello', messages: [{ role: 'user', content: 'Hi' }] }
      assert.equal(added.write(session as never), '* Hello\\n** user\\nHi\\n')
      return 'the format ${name} writes a session\\n'
    }
  `),
})

/** A provider that says again what it is told. */
export const providerFiles = (name: string): Files => ({
  plugin: text(`
    import type { Plugin } from 'ainative-code'

    export default {
      name: '${name}',
      apply({ hooks }) {
        hooks.providers.tap('${name}', ({ add }) =>
          add({
            name: '${name}',
            reply: async function* ({ messages }) {
              yield messages.at(-1)?.content ?? ''
            },
          }),
        )
      },
    } satisfies Plugin
  `),
  test: text(`
    ${head(name, 'providers', 'Provider')}
      const request = { messages: [{ role: 'user' as const, content: 'Hi' }] }
      let answer = ''
      for await (const chunk of added.reply?.(request, new AbortController().signal) ?? []) answer += chunk
      assert.equal(answer, 'Hi')
      return 'the provider ${name} answers\\n'
    }
  `),
})

/** How a test begins: the plugin is applied to a hook that only catches what it adds. */
const head = (name: string, hook: string, type: string) =>
  [
    `import assert from 'node:assert/strict'`,
    `import type { ${type}, Host } from 'ainative-code'`,
    `import plugin from './${name}.ts'`,
    '',
    'export default async function test(): Promise<string> {',
    `  let added = {} as ${type}`,
    '  const registry = {',
    `    add(each: ${type}) {`,
    '      added = each',
    '    },',
    '  }',
    '  const tap = (_: string, collect: (all: never) => void) => collect(registry as never)',
    `  plugin.apply({ hooks: { ${hook}: { tap } } } as unknown as Host)`,
    `  assert.equal(added.name, '${name}')`,
  ].join('\n    ')

/** Without the indentation that it has here. */
const text = (indented: string) => `${indented.replaceAll('\n    ', '\n').trim()}\n`
