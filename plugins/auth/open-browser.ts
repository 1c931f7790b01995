import { spawn } from 'node:child_process'

/** How a browser is opened. */
interface Options {
  env: NodeJS.ProcessEnv
  /** Ends the attempts; a browser that runs goes on. */
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

/** The commands in their order. $BROWSER is a list as xdg-open and Python read it: between colons, with the URL in place of %s or at the end. */
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
  // A URL has characters that cmd.exe would read as its own.
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return ['xdg-open', url]
}
