import { defineCommand, Problem, projects } from 'ainative-code'
import * as z from 'zod'

/** The command `untrust`. */
export const untrust = defineCommand({
  name: 'untrust',
  summary: "Stop trusting a project's config",
  group: 'Plugins',
  tolerant: true,
  writes: true,
  fields: ['value'],
  args: ['folder'],
  input: z.object({ folder: z.string().default('.').describe('Folder of the project').meta({ value: 'folder', complete: 'folder' }) }),
  async run({ folder }, { host }) {
    const { untrustProject } = await projects()
    const untrusted = untrustProject(folder, host.env)
    if (untrusted.length > 0) return untrusted
    throw new Problem('trust', `no config of ${folder === '.' ? 'this folder' : folder} is trusted`, {
      hint: 'ainative-code trust --list shows the trusted configs',
    })
  },
  print: (files) => files.map((file) => `No longer trusted: ${file}\n`).join(''),
})
