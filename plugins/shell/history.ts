import { defineCommand, flag, stateFolder, usage, wholeNumber } from 'ainative-code'
import * as z from 'zod'
import { openHistory } from './history-file.ts'

/** The command `history`. */
export const history = defineCommand({
  name: 'history',
  summary: 'Show or search the history of the shell',
  group: 'Shell',
  tolerant: true,
  writes: ({ clear }) => clear,
  fields: ['number', 'line'],
  args: ['words'],
  input: z.object({
    words: z.array(z.string()).default([]).meta({ value: 'word' }),
    limit: wholeNumber(1).optional().meta({ description: 'Show only the last lines', alias: 'n', value: 'count' }),
    clear: flag('Delete the history'),
  }),
  formats: ['text', 'json', 'jsonl', 'csv'],
  examples: ['ainative-code history -n 20', 'ainative-code history session tag'],
  run({ words, limit, clear }, { host }) {
    const file = openHistory(stateFolder(host.env))
    if (clear && (words.length > 0 || limit !== undefined))
      throw usage('--clear deletes the whole history, and takes neither words nor --limit')
    if (clear) file.clear()
    const word = words.join(' ').toLowerCase()
    const lines = file.lines().map((line, i) => ({ number: i + 1, line }))
    return lines.filter(({ line }) => line.toLowerCase().includes(word)).slice(-(limit ?? lines.length + 1))
  },
  print: (lines) => {
    const width = String(lines.at(-1)?.number ?? '').length
    return lines
      .map(({ number, line }) => `${String(number).padStart(width)}  ${line.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}\n`)
      .join('')
  },
})
