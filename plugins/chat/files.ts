import fs from 'node:fs'
import path from 'node:path'
import { expandHome, fileProblem, Problem } from 'ainative-code'

/** The most bytes that the files of one message may have together. */
const MOST = 1 << 20

/** A message with the text files below it that flags and mentions such as @path name, each once. A file that is no text is a Problem. */
export async function withFiles(
  message: string,
  mentioning: readonly string[],
  files: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const named = [...files, ...mentioning.flatMap((text) => mentionsOf(text, env))]
  let left = MOST
  const added = [...new Set(named)].map((file) => {
    const text = textOf(file, left, env)
    left -= Buffer.byteLength(text)
    return fenced(file, text)
  })
  return [message, ...added].filter((each) => each.trim()).join('\n\n')
}

/** Where a mention begins: not within a word, such as an e-mail address. */
const MENTION = /(?<![^\s(["'])@((?:\\.|[^\s\\])+)/g

/** A mention that is meant as a path, also where there is no such file. */
const IS_PATH = /^(\.{0,2}|~)\//

/** The files that a text mentions; any other word after an @ is text. */
function mentionsOf(text: string, env: NodeJS.ProcessEnv): string[] {
  return [...text.matchAll(MENTION)].flatMap(([, raw = '']) => {
    const name = raw.replace(/\\(.)/g, '$1')
    // A sentence may end behind it.
    const forms = [name, name.replace(/[.,;:!?)\]'"]+$/, '')]
    const found = forms.find((each) => each && fs.existsSync(expandHome(each, env)))
    return found ?? (IS_PATH.test(name) ? (forms[1] ?? name) : []) ?? []
  })
}

function textOf(file: string, most: number, env: NodeJS.ProcessEnv): string {
  const bytes = bytesOf(file, most, env)
  try {
    if (bytes.includes(0)) throw new TypeError()
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Problem('file', `cannot add ${file}: it is not UTF-8 text`, {
      hint: 'chat takes text files; images and PDFs are not supported yet',
    })
  }
}

function bytesOf(file: string, most: number, env: NodeJS.ProcessEnv): Buffer {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = fs.constants
  let fd: number | undefined
  try {
    // A pipe without a writer would be waited for.
    fd = fs.openSync(expandHome(file, env), O_RDONLY | O_NONBLOCK | O_NOCTTY)
    const stat = fs.fstatSync(fd)
    if (!stat.isFile()) throw new Problem('file', `cannot read ${file}: it is ${stat.isDirectory() ? 'a folder' : 'not a regular file'}`)
    const bytes = stat.size > most ? undefined : fs.readFileSync(fd)
    if (bytes && bytes.length <= most) return bytes
    throw new Problem('too-large', `cannot add ${file}: the files of a message may have ${MOST >> 20} MB together`)
  } catch (error) {
    throw fileProblem(error, file, 'read')
  } finally {
    if (fd !== undefined) fs.closeSync(fd)
  }
}

/** A file as Markdown; its fence is longer than any in it. */
function fenced(file: string, text: string): string {
  let fence = '```'
  for (const [run] of text.matchAll(/`{3,}/g)) if (run.length >= fence.length) fence = `${run}\``
  const lang = /^\.\w+$/.test(path.extname(file)) ? path.extname(file).slice(1) : ''
  return `${file.replace(/\s+/g, ' ')}:\n${fence}${lang}\n${text}${text.endsWith('\n') || text === '' ? '' : '\n'}${fence}`
}
