import { defineCommand, flag, type Host, projects } from 'ainative-code'
import * as z from 'zod'

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
      .describe('Where the project lies; this folder or one above it')
      .meta({ value: 'folder', complete: 'folder' }),
    list: flag('Show what is trusted'),
  }),
  examples: ['ainative-code trust', 'ainative-code trust --list'],
  run: async ({ folder, list }, { host }) => (list ? listTrusted(host) : takeProject(host, folder)),
  print: (data) => (Array.isArray(data) ? data.map(lineOf).join('') || 'No project is trusted.\n' : told(data)),
})

const takeProject = async (host: Host, folder = '.') => (await projects()).trustProject(folder, host.env)

const listTrusted = async (host: Host) => (await projects()).trustedProjects(host.env)

const lineOf = ({ file, trusted, changed }: Awaited<ReturnType<typeof listTrusted>>[number]) =>
  `${file}${trusted ? '' : ` (no longer: ${changed} has changed)`}\n`

function told({ file, runs, sets }: Awaited<ReturnType<typeof takeProject>>): string {
  const lines = [`Trusted ${file}`, ...runs.map((each) => `  runs ${each}`), ...sets.map((each) => `  sets ${each}`)]
  return `${lines.join('\n')}\nIf any of these files change, trust is revoked.\n`
}
