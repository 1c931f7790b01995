import fs from 'node:fs'
import path from 'node:path'
import { type Context, codeOf, expandHome, fileProblem, outputFiles, quoteWord } from 'ainative-code'

export type Shell = 'bash' | 'zsh' | 'fish'

/** What an installation did. */
export interface Installed {
  shell: Shell
  /** The script, and whether it was written or was there already. */
  file: string
  written: boolean
  /** The shell's own file that loads the script, where the shell does not find it by itself, and whether a line was added. */
  rc?: string
  added?: boolean
}

/** Ends the line in a shell's own file; whoever wrote the line of the docs there has the same words in it. */
const MARK = 'ainative-code completion'

/** Writes a script to where its shell looks for it. */
export async function install(shell: Shell, script: string, { host: { env }, signal }: Context): Promise<Installed> {
  const { file, rc } = placesOf(shell, env)
  const written = readIfThere(file) !== script
  if (written) await (await outputFiles()).allOrNone(signal, (drafts) => drafts.write(file, [script]))
  return { shell, file, written, ...(rc && { rc, added: addLine(rc, `source ${quoteWord(file)} # ${MARK}`) }) }
}

/** Loads the scripts of bash's folder when a command is first completed. */
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

/** Adds a line to a file, unless one that does the same is there. True if it was added. */
function addLine(file: string, line: string): boolean {
  const text = readIfThere(file) ?? ''
  if (text.includes(MARK)) return false
  try {
    fs.appendFileSync(file, `${text && !text.endsWith('\n') ? '\n' : ''}${line}\n`)
    return true
  } catch (error) {
    throw fileProblem(error, file, 'write')
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw fileProblem(error, file, 'read')
  }
}

/** What was done, and how to undo it. */
export function reportOf({ shell, file, written, rc, added }: Installed): string {
  return [
    written ? `Wrote ${file}` : `${file} is up to date`,
    ...(rc ? [added ? `Added a line to ${rc}` : `${rc} has a line for it`] : []),
    ...(written || added ? [`Completion works in each new ${shell}.`] : []),
    `To undo: rm ${quoteWord(file)}${rc ? `, and remove the line with "${MARK}" from ${rc}` : ''}`,
  ]
    .map((line) => `${line}\n`)
    .join('')
}
