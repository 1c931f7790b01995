import { spawn } from 'node:child_process'

/** The options of `openBrowser`. */
interface Options {
  env: NodeJS.ProcessEnv
  /** Stops further attempts. A running browser continues. */
  signal: AbortSignal
  /** Called if no command works. */
  fail(): void
}

/** Opens a URL in the browser: with the commands of $BROWSER, or else with the opener of the system. Does not wait for the browser. */
export function openBrowser(url: string, { env, signal, fail }: Options): void {
  const commands = commandsOf(url, env)
  const tryNext = () => {
    if (signal.aborted) return
    const [file, ...args] = commands.shift() ?? []
    if (file === undefined) return fail()
    // Not part of the terminal's process group, so that Ctrl-C does not end the browser.
    const child = spawn(file, args, { env, detached: true, stdio: 'ignore' })
    child.on('error', tryNext).on('exit', (code) => code !== 0 && tryNext())
    child.unref()
  }
  tryNext()
}

/** Returns the commands to try. $BROWSER is a list between colons, as in xdg-open and Python. The URL replaces %s, or stands at the end. */
export function commandsOf(url: string, { BROWSER }: NodeJS.ProcessEnv): string[][] {
  if (!BROWSER?.trim()) return [systemOpener(url)]
  return BROWSER.split(':')
    .map(wordsOf)
    .filter((words) => words.length > 0)
    .map((words) => (words.some((word) => word.includes('%s')) ? words.map((word) => word.replaceAll('%s', url)) : [...words, url]))
}

/** Splits a command at its spaces, outside of quotes. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'))

function systemOpener(url: string): string[] {
  if (process.platform === 'darwin') return ['open', url]
  // Not cmd.exe, which would interpret some characters of a URL.
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return ['xdg-open', url]
}
