import type { Home } from './cli.ts'

/** The path of the config of the user, relative to the home. */
export const USER_CONFIG = '.config/ainative-code/config.yaml'

/** The source of an external plugin with an export format, in at most 15 lines. */
export const ORG = `import type { Plugin } from 'ainative-code'

export default {
  name: 'org-mode',
  version: '1.2.3',
  apply({ hooks }) {
    hooks.formats.tap('org-mode', ({ add }) =>
      add({ name: 'org', extension: '.org', write: ({ title, messages }) => \`* \${title} (\${messages.length})\\n\` }),
    )
  },
} satisfies Plugin
`

/** The source of an external plugin with a provider, in at most 15 lines. */
export const ECHO = `import type { Plugin } from 'ainative-code'

export default {
  name: 'echo',
  apply({ hooks }) {
    hooks.providers.tap('echo', ({ add }) =>
      add({
        name: 'echo',
        async *reply({ messages }) {
          yield messages.at(-1)?.content ?? ''
        },
      }),
    )
  },
} satisfies Plugin
`

/** Writes plugin files to a folder without node_modules, and adds them to the config of the user. Returns their paths. */
export function usePlugins(home: Home, files: Record<string, string>): string[] {
  const paths = Object.entries(files).map(([name, text]) => home.write(`elsewhere/${name}`, text))
  home.write(USER_CONFIG, `plugins:\n${paths.map((file) => `  - ${file}\n`).join('')}`)
  return paths
}

/** Returns the source of a plugin whose `apply` runs this code. */
export const plugin = (name: string, apply: string) => `export default { name: '${name}', apply({ hooks, z }: any) { ${apply} } }\n`

/** The source of a loop without an end that leaves the processor to other tests. */
export const ENDLESS = 'for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)'

/** Returns the code that adds an item to a registry. */
export const adds = (hook: string, item: string) => `hooks.${hook}.tap('any', ({ add }: any) => add(${item}))`
