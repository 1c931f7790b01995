import type { Home } from './cli.ts'

export const USER_CONFIG = '.config/ainative-code/config.yaml'

/** An exporter of at most 15 lines, as a stranger writes it. */
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

/** A provider of at most 15 lines. */
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

/** Writes plugin files into a folder without node_modules and names them in the user's YAML. Gives their paths. */
export function usePlugins(home: Home, files: Record<string, string>): string[] {
  const paths = Object.entries(files).map(([name, text]) => home.write(`elsewhere/${name}`, text))
  home.write(USER_CONFIG, `plugins:\n${paths.map((file) => `  - ${file}\n`).join('')}`)
  return paths
}

/** A plugin whose apply is this code. */
export const plugin = (name: string, apply: string) => `export default { name: '${name}', apply({ hooks, z }: any) { ${apply} } }\n`

/** The code that adds one thing to a registry. */
export const adds = (hook: string, item: string) => `hooks.${hook}.tap('any', ({ add }: any) => add(${item}))`
