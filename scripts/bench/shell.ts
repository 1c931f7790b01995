import { median, program, type Run, type RunNode, runInTurn } from './run.ts'
import { type Row, ratioRow, timeRow } from './table.ts'
import { openTerminal, type Terminal } from './terminal.ts'

const ROUNDS = 15
/** Matches the prompt, and the escape sequence that moves the cursor after it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: matches an escape sequence
const PROMPT = /> \x1b\[\d+G$/
const COMMANDS = ['session list', 'session show', 'session list --tag go --json']

/** Measures the shell in a terminal: the first prompt, commands at the prompt compared with one-shot commands, and Tab with 10,000 ids. */
export async function measureShell(node: RunNode, database: string, folder: string): Promise<Row[]> {
  const [{ id = '' } = {}] = JSON.parse(node(program('session', 'list', '-n', '1', '--json'), { database }).stdout) as { id?: string }[]
  const firsts: Run[] = []
  const nothings: Run[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const shell = openTerminal([], database, folder)
    const ms = await shell.until(PROMPT)
    shell.end()
    const nothing = node(['-e', '0'])
    if (round > 0) firsts.push({ ms, stdout: '' })
    if (round > 0) nothings.push(nothing)
  }
  const lines = COMMANDS.map((line) => (line.endsWith('show') ? `${line} ${id}` : line))
  const shell = openTerminal([], database, folder)
  await shell.until(PROMPT)
  const rows = [ratioRow("the shell's first prompt / `node -e 0`", median(firsts), median(nothings), 6)]
  for (const [i, line] of lines.entries()) rows.push(await atPrompt(node, database, shell, line, `\`${COMMANDS[i]}\``))
  rows.push(await measureTab(shell, 'session show ', 'Tab over 10,000 ids, nothing typed'))
  rows.push(await measureTab(shell, `session show ${id[0]}`, 'Tab over 10,000 ids, one character typed'))
  shell.end()
  const runs = runInTurn(ROUNDS, {
    nothing: () => node(['-e', '0']),
    ids: () => node(program('complete', 'zsh', '--', 'session', 'show', ''), { database }),
    tags: () => node(program('complete', 'zsh', '--', 'session', 'list', '--tag', ''), { database }),
  })
  const nothing = median(runs.nothing)
  // The budget is 100 ms if a start of Node takes 27 ms.
  rows.push(ratioRow('completion of ids in bash, zsh or fish / `node -e 0`', median(runs.ids), nothing, 3.7))
  return [...rows, ratioRow('… of tags', median(runs.tags), nothing, 3.7)]
}

/** Measures a line from Enter to the next prompt, minus the time that the same command takes as a process in addition to a start of Node. */
async function atPrompt(node: RunNode, database: string, shell: Terminal, line: string, name: string): Promise<Row> {
  const there: Run[] = []
  const alone: Run[] = []
  const nothing: Run[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    await shell.type(line, /.$/)
    const ms = await shell.type('\r', PROMPT)
    if (round > 0) there.push({ ms, stdout: '' })
    alone.push(node(program(...line.split(' ')), { database }))
    nothing.push(node(['-e', '0']))
  }
  const work = median(alone) - median(nothing)
  return timeRow(`${name} at the prompt, beyond its work by itself`, median(there) - work, 5, work)
}

async function measureTab(shell: Terminal, typed: string, what: string): Promise<Row> {
  const times: Run[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    await shell.type(typed, /.$/)
    const ms = await shell.type('\t\t', LISTED)
    if (round > 0) times.push({ ms, stdout: '' })
    await shell.type('\x03', PROMPT)
  }
  return timeRow(what, median(times), 100)
}

/** Matches the list of candidates and the line below the list. */
const LISTED = /\n[\s\S]*> .*session show/
