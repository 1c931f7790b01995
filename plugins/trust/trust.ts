import { defineCommand, flag, type Host, projects } from 'ainative-code'
import * as z from 'zod'

/** The command `trust`. */
export const trust = defineCommand({
  name: 'trust',
  summary: "Trust a project's config",
  group: 'Plugins',
  tolerant: true,
  writes: ({ list }) => !list,
  fields: ['file', 'runs', 'sets', 'trusted', 'changed'],
  args: ['folder'],
  input: z.object({
    folder: z
      .string()
      .optional()
      .describe('Folder of the project (default: this folder or one above it)')
      .meta({ value: 'folder', complete: 'folder' }),
    list: flag('List the trusted configs'),
  }),
  examples: ['ainative-code trust', 'ainative-code trust --list'],
  run: async ({ folder, list }, { host }) => (list ? listTrusted(host) : trustProject(host, folder)),
  print: (data) => (Array.isArray(data) ? data.map(listLine).join('') || 'No project is trusted.\n' : trustText(data)),
})

const trustProject = async (host: Host, folder = '.') => (await projects()).trustProject(folder, host.env)

const listTrusted = async (host: Host) => (await projects()).trustedProjects(host.env)

const listLine = ({ file, trusted, changed }: Awaited<ReturnType<typeof listTrusted>>[number]) =>
  `${file}${trusted ? '' : ` (no longer trusted: ${changed} has changed)`}\n`

function trustText({ file, runs, sets }: Awaited<ReturnType<typeof trustProject>>): string {
  const lines = [`Trusted ${file}`, ...runs.map((each) => `  runs ${each}`), ...sets.map((each) => `  sets ${each}`)]
  return `${lines.join('\n')}\nIf any of these files change, trust is revoked.\n`
}
