import fs from 'node:fs'
import path from 'node:path'
import { expandHome, fileProblem, Problem } from 'ainative-code'

/** The largest size of all files of one message, in bytes. */
const MAX_BYTES = 1 << 20

/** Adds text files to a message: those in `files`, and those that the message mentions as @path; each file once. Throws a Problem for a file that is not text. */
export async function withFiles(
  message: string,
  mentioning: readonly string[],
  files: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const named = [...files, ...mentioning.flatMap((text) => mentionsOf(text, env))]
  let left = MAX_BYTES
  const added = [...new Set(named)].map((file) => {
    const text = readTextFile(file, left, env)
    left -= Buffer.byteLength(text)
    return fenced(file, text)
  })
  return [message, ...added].filter((each) => each.trim()).join('\n\n')
}

/** Matches a mention. A mention does not start within a word, such as an e-mail address. */
const MENTION = /(?<![^\s(["'])@((?:\\.|[^\s\\])+)/g

/** Matches a mention that can only be a path: for such a mention, a missing file is an error. */
const IS_PATH = /^(\.{0,2}|~)\//

/** The files that a text mentions; any other word after an @ stays text. */
function mentionsOf(text: string, env: NodeJS.ProcessEnv): string[] {
  return [...text.matchAll(MENTION)].flatMap(([, raw = '']) => {
    const name = raw.replace(/\\(.)/g, '$1')
    // A sentence may end after the mention.
    const forms = [name, name.replace(/[.,;:!?)\]'"]+$/, '')]
    const found = forms.find((each) => each && fs.existsSync(expandHome(each, env)))
    return found ?? (IS_PATH.test(name) ? (forms[1] ?? name) : []) ?? []
  })
}

function readTextFile(file: string, limit: number, env: NodeJS.ProcessEnv): string {
  const bytes = readBytes(file, limit, env)
  try {
    if (bytes.includes(0)) throw new TypeError()
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Problem('file', `cannot add ${file}: it is not UTF-8 text`, {
      hint: 'chat accepts text files; images and PDFs are not supported yet',
    })
  }
}

function readBytes(file: string, limit: number, env: NodeJS.ProcessEnv): Buffer {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = fs.constants
  let fd: number | undefined
  try {
    // Opening a pipe without a writer would block.
    fd = fs.openSync(expandHome(file, env), O_RDONLY | O_NONBLOCK | O_NOCTTY)
    const stat = fs.fstatSync(fd)
    if (!stat.isFile()) throw new Problem('file', `cannot read ${file}: it is ${stat.isDirectory() ? 'a folder' : 'not a regular file'}`)
    const bytes = stat.size > limit ? undefined : fs.readFileSync(fd)
    if (bytes && bytes.length <= limit) return bytes
    throw new Problem('too-large', `cannot add ${file}: the files of a message exceed ${MAX_BYTES >> 20} MB`)
  } catch (error) {
    throw fileProblem(error, file, 'read')
  } finally {
    if (fd !== undefined) fs.closeSync(fd)
  }
}

/** Formats a file as Markdown; the fence is longer than any fence in the file. */
function fenced(file: string, text: string): string {
  let fence = '```'
  for (const [run] of text.matchAll(/`{3,}/g)) if (run.length >= fence.length) fence = `${run}\``
  const lang = /^\.\w+$/.test(path.extname(file)) ? path.extname(file).slice(1) : ''
  return `${file.replace(/\s+/g, ' ')}:\n${fence}${lang}\n${text}${text.endsWith('\n') || text === '' ? '' : '\n'}${fence}`
}
