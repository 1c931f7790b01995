interface Files {
  plugin: string
  test: string
}

/** The files of a new format, which writes a session as headings. */
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
    import assert from 'node:assert/strict'
    import { contributionsOf, formatCases, runCases, sampleSession } from 'ainative-code/testing'
    import plugin from './${name}.ts'

    export default async function test(): Promise<string> {
      const { formats } = contributionsOf(plugin)
      assert.equal(formats[0]?.write(sampleSession(['Hi'], { title: 'Hello' })), '* Hello\\n** user\\nHi\\n')
      return runCases(formats.flatMap(formatCases))
    }
  `),
})

/** The files of a new provider, which replies with the last message. */
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
    import { contributionsOf, providerCases, runCases } from 'ainative-code/testing'
    import plugin from './${name}.ts'

    export default async function test(): Promise<string> {
      const { providers } = contributionsOf(plugin)
      return runCases(providers.flatMap((provider) => providerCases(provider)))
    }
  `),
})

/** Removes the indentation of a template in this file. */
const text = (indented: string) => `${indented.replaceAll('\n    ', '\n').trim()}\n`
