import path from 'node:path'
import { defineCommand, expandHome, flag, openInput, Problem, toJson, usage } from 'ainative-code'
import * as z from 'zod'
import { runLines } from './run-lines.ts'
import { runModule } from './run-module.ts'
import { linesOf, realPath } from './script-source.ts'

/** The command `run`. */
export const run = defineCommand({
  name: 'run',
  summary: 'Run a script',
  group: 'Query',
  writes: false,
  args: ['file', 'words'],
  input: z.object({
    file: z.string().meta({ value: 'file' }),
    words: z.array(z.string()).default([]).describe('Arguments for a TypeScript script; flags must follow --').meta({ value: 'word' }),
    dryRun: flag('Show what commands would change, without changing anything'),
    keepGoing: flag('Continue after a line that fails'),
  }),
  examples: ['ainative-code run weekly.txt --dry-run', 'ainative-code run report.ts -- --since 7d', 'ainative-code run - < weekly.txt'],
  async run({ file: word, words, ...options }, context) {
    if (word === '-') return runLines(context, { name: 'stdin', lines: linesOf(context.stdin(), 'standard input') }, options)
    const file = realPath(expandHome(word, context.host.env))
    if (context.scripts.includes(file)) {
      throw new Problem('recursion', `${word} runs itself: ${[...context.scripts, file].map((each) => path.basename(each)).join(' > ')}`)
    }
    if (/\.[cm]?[jt]s$/.test(file)) return runModule(context, file, words, options)
    if (words.length > 0) throw usage(`${word} takes no arguments, because it is not a TypeScript or JavaScript file`)
    return runLines(context, { name: word, file, lines: linesOf(openInput(file, context.signal), word) }, options)
  },
  print: (data) => (typeof data === 'string' ? `${data.replace(/\n$/, '')}\n` : data === undefined ? '' : `${toJson(data, 2)}\n`),
})
