import fs from 'node:fs'
import path from 'node:path'
import { type Context, codeOf, expandHome, fileProblem, outputFiles, quoteWord } from 'ainative-code'

/** A shell with a completion script. */
export type Shell = 'bash' | 'zsh' | 'fish'

/** The result of an installation. */
export interface Installation {
  shell: Shell
  /** The path of the script. `written` is false if the script was already up to date. */
  file: string
  written: boolean
  /** The startup file of a shell that does not find the script itself. `added` is false if the file already loads the script. */
  rc?: string
  added?: boolean
}

/** Marks the line in a startup file; the line from the docs contains the same words. */
const MARK = 'ainative-code completion'

/** Writes a script to the folder of its shell, and adds a line to the startup file if the shell needs the line. */
export async function install(shell: Shell, script: string, { host: { env }, signal }: Context): Promise<Installation> {
  const { file, rc } = placesOf(shell, env)
  const written = readIfExists(file) !== script
  if (written) await (await outputFiles()).allOrNone(signal, (drafts) => drafts.write(file, [script]))
  return { shell, file, written, ...(rc && { rc, added: addLine(rc, `source ${quoteWord(file)} # ${MARK}`) }) }
}

/** The files of the package bash-completion, which loads scripts of its folder on demand. */
const BASH_COMPLETION = [
  '/usr/share/bash-completion/bash_completion',
  '/usr/local/share/bash-completion/bash_completion',
  '/opt/homebrew/share/bash-completion/bash_completion',
]

function placesOf(shell: Shell, env: NodeJS.ProcessEnv): { file: string; rc?: string } {
  const folder = (name: string, fallback: string) => (env[name] && path.isAbsolute(env[name]) ? env[name] : expandHome(fallback, env))
  const data = folder('XDG_DATA_HOME', '~/.local/share')
  if (shell === 'fish') return { file: path.join(folder('XDG_CONFIG_HOME', '~/.config'), 'fish/completions/ainative-code.fish') }
  if (shell === 'zsh')
    return { file: path.join(data, 'zsh/site-functions/_ainative-code'), rc: path.join(folder('ZDOTDIR', '~'), '.zshrc') }
  const file = path.join(folder('BASH_COMPLETION_USER_DIR', path.join(data, 'bash-completion')), 'completions/ainative-code')
  return BASH_COMPLETION.some((each) => fs.existsSync(each)) ? { file } : { file, rc: expandHome('~/.bashrc', env) }
}

/** Adds a line to a file, unless the file contains MARK. Returns whether the line was added. */
function addLine(file: string, line: string): boolean {
  const text = readIfExists(file) ?? ''
  if (text.includes(MARK)) return false
  try {
    fs.appendFileSync(file, `${text && !text.endsWith('\n') ? '\n' : ''}${line}\n`)
    return true
  } catch (error) {
    throw fileProblem(error, file, 'write')
  }
}

function readIfExists(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw fileProblem(error, file, 'read')
  }
}

/** The report of an installation, with the command that reverts the installation. */
export function reportOf({ shell, file, written, rc, added }: Installation): string {
  return [
    written ? `Wrote ${file}` : `${file} is up to date`,
    ...(rc ? [added ? `Added a line to ${rc}` : `${rc} already loads the script`] : []),
    ...(written || added ? [`Completion works in new ${shell} shells.`] : []),
    `To undo: rm ${quoteWord(file)}${rc ? `, and remove the line with "${MARK}" from ${rc}` : ''}`,
  ]
    .map((line) => `${line}\n`)
    .join('')
}
