import fs from 'node:fs'
import path from 'node:path'
import { defineCommand, type LoadedPlugin, ownRequire, table } from 'ainative-code'
import * as z from 'zod'

/** The command `plugin list`. */
export const listPlugins = defineCommand({
  name: 'plugin list',
  summary: 'List plugins and the hooks they tap',
  group: 'Plugins',
  tolerant: true,
  writes: false,
  input: z.object({}),
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['name', 'version', 'file', 'hooks', 'problem'],
  run(_, { host }) {
    // A registry calls the hooks of plugins at its first use; a plugin that fails there must be in the list with its problem.
    for (const registry of [host.commands, host.formats, host.providers, host.functions, host.completers, host.tasks]) registry()
    return host.plugins.map(rowOf)
  },
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'NAME', value: (row) => row.name },
        { title: 'VERSION', value: (row) => row.version },
        { title: 'HOOKS', value: (row) => row.hooks.join(', ') },
        { title: 'FILE', value: (row) => row.file ?? 'shipped', flexible: true },
        { title: 'PROBLEM', value: (row) => row.problem },
      ],
      view,
    ),
})

const rowOf = ({ name, version, file, hooks, problem }: LoadedPlugin) => ({
  name,
  version: version ?? (file ? packageVersion(file) : ownVersion()),
  file: file ?? null,
  hooks,
  ...(problem !== undefined && { problem }),
})

/** The version of the program, which is also the version of the shipped plugins. */
const ownVersion = (): string | null => versionIn(ownRequire().resolve('ainative-code/package.json'))

/** The version of the npm package that contains a plugin; null if there is none. */
function packageVersion(file: string): string | null {
  const root = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0]
  return root ? versionIn(path.join(root, 'package.json')) : null
}

function versionIn(file: string): string | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).version ?? null
  } catch {
    return null
  }
}
