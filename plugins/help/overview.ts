import { type CommandEntry, type HelpPage, type HelpSection, type Host, helpTexts } from 'ainative-code'
import { SECTIONS } from './sections.ts'

/**
 * Builds the help page without a command: all commands by section, the global flags, and the functions, formats and providers of plugins.
 */
export async function overview(host: Host): Promise<HelpPage> {
  const { globalRows } = await helpTexts()
  const sections = sectionsOf(host.commands().all())
  const names = Math.max(...sections.flatMap(({ rows }) => rows.map(({ name }) => name.length)))
  const functions = host.functions().all()
  return {
    usage: 'ainative-code [flags] <command> [arguments]',
    text: [
      'Without a command, ainative-code opens the shell. There, a line that is not a command is a JSONata query.',
      'ainative-code help <command> shows the arguments, the flags and examples of a command.',
    ],
    sections: [
      ...sections.map((section) => ({ ...section, names })),
      { title: 'Flags of every command', rows: globalRows() },
      ...(functions.length > 0
        ? [{ title: 'JSONata functions', rows: functions.map(({ name, summary = '' }) => ({ name: `$${name}`, about: summary })) }]
        : []),
    ],
    end: [`Formats: ${host.formats().names().join(', ')}`, `Providers: ${host.providers().names().join(', ')}`],
  }
}

/** Builds the help page of a group: the commands that start with one word. */
export const groupPage = (entries: CommandEntry[], first: string): HelpPage => ({
  usage: `ainative-code ${first} <command> [arguments] [flags]`,
  sections: [
    {
      title: 'Commands',
      rows: sortCommands(entries)
        .filter(({ name }) => name.startsWith(`${first} `))
        .map(rowOf),
    },
  ],
  end: [`ainative-code help ${first} <command> shows the arguments, the flags and examples of a command.`],
})

const rowOf = ({ name, summary }: CommandEntry) => ({ name, about: summary })

/** The visible commands, in the order of the sections. */
export const sortCommands = (entries: CommandEntry[]): CommandEntry[] => groups(entries).flatMap(([, group]) => group)

const sectionsOf = (entries: CommandEntry[]): HelpSection[] => groups(entries).map(([title, group]) => ({ title, rows: group.map(rowOf) }))

/**
 * Groups the visible commands by section. A command that is in no section, such as one of an external plugin, goes to the section of its
 * group.
 */
function groups(entries: CommandEntry[]): [string, CommandEntry[]][] {
  const remaining = new Set(entries.filter(({ hidden }) => !hidden))
  const sections = SECTIONS.map(([title, names]): [string, CommandEntry[]] => [
    title,
    names.flatMap((name) => removeMatches(remaining, name)),
  ])
  for (const entry of remaining) {
    const { group = 'Other' } = entry
    const section = sections.find(([title]) => title === group)
    if (section) section[1].push(entry)
    else sections.push([group, [entry]])
  }
  return sections.filter(([, group]) => group.length > 0)
}

/** Removes and returns the command of this name and the commands that start with this name. */
function removeMatches(entries: Set<CommandEntry>, name: string): CommandEntry[] {
  const matches = [...entries].filter((entry) => entry.name === name || entry.name.startsWith(`${name} `))
  for (const entry of matches) entries.delete(entry)
  return matches
}
