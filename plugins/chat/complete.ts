import { type Completion, completeWords, type Host } from 'ainative-code'
import { COMMANDS } from './commands.ts'

/** Completes the commands of a conversation and their arguments, and files after an @. */
export async function completeCommand(before: string, host: Host): Promise<Completion> {
  const [, name, space, rest = ''] = /^\/(\w*)(\s*)([\s\S]*)$/.exec(before) ?? []
  if (name === undefined) return completeMention(before, host)
  if (!space) {
    const candidates = COMMANDS.map((each) => ({ value: `/${each.name}`, about: each.summary })).filter(({ value }) =>
      value.startsWith(before),
    )
    return { candidates, word: before }
  }
  const like = COMMANDS.find((each) => each.name === name)?.like
  const word = /\S*$/.exec(rest)?.[0] ?? ''
  return { candidates: like ? await completeWords(host, [...like, word]) : [], word }
}

/** Completes files after an @, as for chat --file. */
async function completeMention(before: string, host: Host): Promise<Completion> {
  const [word, path] = /(?<![^\s(["'])@((?:\\.|[^\s\\])*)$/.exec(before) ?? []
  if (word === undefined || path === undefined) return { candidates: [], word: '' }
  const files = await completeWords(host, ['chat', '--file', path.replace(/\\(.)/g, '$1')])
  const candidates = files.map(({ value, ...rest }) => ({ ...rest, value: `@${value.replace(/[\s\\]/g, '\\$&')}` }))
  return { candidates, word, shownFrom: 1 }
}
