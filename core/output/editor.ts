import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isatty } from 'node:tty'
import { fileProblem } from '../files/file-problem.ts'
import { decodeText } from '../files/lines.ts'
import { notFound } from '../kernel/nearest.ts'
import { messageOf, Problem } from '../kernel/problem.ts'

/** Options of editText. */
export interface EditOptions {
  /** The name of the temporary file. Editors detect the language from its extension. */
  name: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

/**
 * Opens a text in the editor of the user ($VISUAL, $EDITOR or vi) and calls `use` with the new text. Returns undefined if the text did not
 * change. If the editor or `use` fails, a changed text stays in a file, and the Problem names the file.
 */
export async function editText<T>(text: string, options: EditOptions, use: (text: string) => T | Promise<T>): Promise<T | undefined> {
  const file = writeDraft(text, options.name)
  const discard = () => fs.rmSync(path.dirname(file), { recursive: true, force: true })
  try {
    await runEditor(file, options)
    const after = readDraft(file)
    const result = after === text ? undefined : await use(after)
    discard()
    return result
  } catch (error) {
    if (isChanged(file, text)) throw withDraft(error, file)
    discard()
    throw error
  }
}

function writeDraft(text: string, name: string): string {
  const start = path.join(os.tmpdir(), 'ainative-code-')
  let folder: string | undefined
  try {
    folder = fs.mkdtempSync(start)
    const file = path.join(folder, name)
    fs.writeFileSync(file, text, { mode: 0o600 })
    return file
  } catch (error) {
    if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true })
    throw fileProblem(error, start, 'write')
  }
}

function readDraft(file: string): string {
  try {
    return decodeText(fs.readFileSync(file), file)
  } catch (error) {
    throw fileProblem(error, file, 'read')
  }
}

function isChanged(file: string, before: string): boolean {
  try {
    return fs.readFileSync(file, 'utf8') !== before
  } catch {
    return false
  }
}

function withDraft(error: unknown, file: string): Problem {
  const { code = 'editor', hint, exit } = error instanceof Problem ? error : ({} as Partial<Problem>)
  return new Problem(code, `${messageOf(error)}; your text is in ${file}`, { hint, exit, cause: error })
}

const HINT = 'set EDITOR, such as EDITOR=nano'

async function runEditor(file: string, { env, signal }: EditOptions): Promise<void> {
  const set = env.VISUAL?.trim() || env.EDITOR?.trim()
  if (!set && (!isatty(0) || env.TERM === 'dumb')) throw new Problem('editor', 'no editor is set, and vi needs a terminal', { hint: HINT })
  const editor = set || 'vi'
  // The editor must not read a script on standard input, nor write to a result on standard output.
  const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], {
    stdio: [isatty(0) ? 'inherit' : 'ignore', isatty(1) ? 'inherit' : 2, 'inherit'],
    env,
  })
  const stop = () => void child.kill()
  signal.addEventListener('abort', stop)
  const [code, name] = await once(child, 'exit').finally(() => signal.removeEventListener('abort', stop))
  signal.throwIfAborted()
  if (code === 127) throw new Problem('editor', notFound('editor', editor), { hint: HINT })
  if (code !== 0) throw new Problem('editor', `the editor ${JSON.stringify(editor)} ended with ${code ?? name}; nothing was changed`)
  if (!fs.existsSync(file)) throw new Problem('editor', `the editor ${JSON.stringify(editor)} removed the file; nothing was changed`)
}
