import type { HelpPage, HelpSection } from '../core/command/help.ts'

const ENVIRONMENT: [name: string, about: string][] = [
  ['AINATIVE_DB_PATH', 'The database file'],
  ['VISUAL, EDITOR', 'The editor of config edit and session edit; by default vi'],
  ['PAGER', 'Shows long output on a terminal; by default less -R'],
  ['NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE', 'No colors, or colors even if the output is not a terminal; --color takes precedence'],
  ['XDG_CONFIG_HOME, XDG_STATE_HOME', 'The parent folders of settings and data, and of the history and trusted projects'],
]

const FILES: [name: string, about: string][] = [
  ['~/.config/ainative-code/config.yaml', 'Your settings'],
  ['~/.config/ainative-code/sessions.db', 'The database'],
  ['~/.local/state/ainative-code/history', 'The lines typed in the shell'],
]

const STATUS: [code: string, about: string][] = [
  ['0', 'Success'],
  ['1', 'Failure; standard error has the reason'],
  ['2', 'Wrong usage'],
  ['130', 'Interrupted'],
]

/** Returns the manual page in the format man(7): the overview and the help page of each command. */
export function manPage(overview: HelpPage, commands: { name: string; page: HelpPage }[]): string {
  const lists = overview.sections.map(
    ({ title, rows }) => `.SS ${escapeRoff(title)}\n${terms(rows.map(({ name, about }) => [name.trim(), about]))}`,
  )
  return [
    '.\\" Written by npm run docs.',
    '.TH AINATIVE\\-CODE 1 "" "ainative\\-code" "User Commands"',
    '.SH NAME\nainative\\-code \\- a home for AI conversations',
    `.SH SYNOPSIS\n${escapeRoff(overview.usage)}`,
    `.SH DESCRIPTION\n${(overview.text ?? []).map(escapeRoff).join('\n.PP\n')}`,
    `.SH COMMANDS\n${lists.join('\n')}`,
    `.SH ARGUMENTS AND FLAGS\n${commands.map(commandPart).join('\n')}`,
    `.SH ENVIRONMENT\n${terms(ENVIRONMENT)}`,
    `.SH FILES\n${terms(FILES)}`,
    `.SH EXIT STATUS\n${terms(STATUS)}`,
    '',
  ].join('\n')
}

function commandPart({ name, page }: { name: string; page: HelpPage }): string {
  const { summary = '', usage, text = [], sections, examples = [] } = page
  const flags = sections.map(({ rows }: HelpSection) => terms(rows.map(({ name: row, about }) => [row.trim(), about])))
  const shown =
    examples.length > 0 ? [`.PP\nExamples:\n.PP\n.nf\n${examples.map((line) => `    ${escapeRoff(line)}`).join('\n')}\n.fi`] : []
  return [
    `.SS ${escapeRoff(name)}\n${[summary, ...text].map(escapeRoff).join('\n.PP\n')}`,
    `.PP\n${escapeRoff(usage)}`,
    ...flags,
    ...shown,
  ].join('\n')
}

const terms = (rows: (readonly [name: string, about: string])[]) =>
  rows.map(([name, about]) => `.TP\n.B ${escapeRoff(name)}\n${escapeRoff(about) || '\\&'}`).join('\n')

/** Escapes a line for roff, so that backslashes and hyphens are printed unchanged, and a leading dot or quote does not start a request. */
export const escapeRoff = (line: string) =>
  line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/[^\x20-\x7e]/gu, (char) => `\\[u${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`)
    .replace(/^(?=[.'])/, '\\&')
