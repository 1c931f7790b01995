import { type CommandEntry, type HelpPage, type HelpSection, type Host, helpTexts } from 'ainative-code'
import { SECTIONS } from './order.ts'

/** All commands in the order of work, and what else plugins add. */
export async function overview(host: Host): Promise<HelpPage> {
  const { globalRows } = await helpTexts()
  const sections = sectionsOf(host.commands().all())
  const names = Math.max(...sections.flatMap(({ rows }) => rows.map(({ name }) => name.length)))
  const functions = host.functions().all()
  return {
    usage: 'ainative-code [flags] <command> [arguments]',
    text: [
      'Without a command, ainative-code opens the shell, where every line that is not a command is a JSONata query.',
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

/** The commands that begin with one word, in the order of work. */
export const groupPage = (entries: CommandEntry[], first: string): HelpPage => ({
  usage: `ainative-code ${first} <command> [arguments] [flags]`,
  sections: [
    {
      title: 'Commands',
      rows: inOrder(entries)
        .filter(({ name }) => name.startsWith(`${first} `))
        .map(rowOf),
    },
  ],
  end: [`ainative-code help ${first} <command> shows the arguments, the flags and examples of a command.`],
})

const rowOf = ({ name, summary }: CommandEntry) => ({ name, about: summary })

/** The commands that help lists, in the order of work. */
export const inOrder = (entries: CommandEntry[]): CommandEntry[] => groups(entries).flatMap(([, group]) => group)

const sectionsOf = (entries: CommandEntry[]): HelpSection[] => groups(entries).map(([title, group]) => ({ title, rows: group.map(rowOf) }))

/** What stands in no section, such as a command of a user's plugin, comes last under its own heading. */
function groups(entries: CommandEntry[]): [string, CommandEntry[]][] {
  const left = new Set(entries.filter(({ hidden }) => !hidden))
  const found = SECTIONS.map(([title, names]): [string, CommandEntry[]] => [title, names.flatMap((name) => take(left, name))])
  for (const entry of left) {
    const { group = 'Other' } = entry
    const section = found.find(([title]) => title === group)
    if (section) section[1].push(entry)
    else found.push([group, [entry]])
  }
  return found.filter(([, group]) => group.length > 0)
}

/** Removes the commands of this name, or that begin with it, and gives them. */
function take(entries: Set<CommandEntry>, name: string): CommandEntry[] {
  const taken = [...entries].filter((entry) => entry.name === name || entry.name.startsWith(`${name} `))
  for (const entry of taken) entries.delete(entry)
  return taken
}
