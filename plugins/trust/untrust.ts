import { defineCommand, Problem, projects } from 'ainative-code'
import * as z from 'zod'

export const untrust = defineCommand({
  name: 'untrust',
  summary: "Stop trusting a project's config",
  group: 'Plugins',
  tolerant: true,
  writes: true,
  fields: ['value'],
  args: ['folder'],
  input: z.object({ folder: z.string().default('.').describe('Where the project lies').meta({ value: 'folder', complete: 'folder' }) }),
  async run({ folder }, { host }) {
    const { untrustProject } = await projects()
    const forgotten = untrustProject(folder, host.env)
    if (forgotten.length > 0) return forgotten
    throw new Problem('trust', `no config of ${folder === '.' ? 'this folder' : folder} is trusted`, {
      hint: 'ainative-code trust --list shows what is',
    })
  },
  print: (files) => files.map((file) => `No longer trusted: ${file}\n`).join(''),
})
