import { type Command, definePlugin } from 'ainative-code'

export { selectPinnedFirst } from './pinned.ts'

// biome-ignore lint/suspicious/noExplicitAny: commands of every input and data type
type Load = () => Promise<Command<any, any>>

const COMMANDS: [name: string, summary: string, load: Load, alias?: string][] = [
  ['create', 'Create a session', async () => (await import('./create.ts')).create],
  ['list', 'List sessions, newest first', async () => (await import('./list.ts')).list, 'ls'],
  ['show', 'Show a session and its messages', async () => (await import('./show.ts')).show],
  ['copy', 'Copy the last reply to the clipboard', async () => (await import('./copy.ts')).copy],
  ['outline', "List a person's messages in a session", async () => (await import('./outline.ts')).outline],
  ['rename', 'Give a session another title', async () => (await import('./rename.ts')).rename],
  ['tag', 'Add tags', async () => (await import('./tag.ts')).tag],
  ['untag', 'Remove tags', async () => (await import('./tag.ts')).untag],
  ['tags', 'List all tags, the most used first', async () => (await import('./tags.ts')).tags],
  ['edit', 'Change title, tags and metadata in $EDITOR', async () => (await import('./edit.ts')).edit],
  ['diff', 'Compare two forks: their common part, then each', async () => (await import('./diff.ts')).diff],
  ['meta', 'Show or set metadata', async () => (await import('./meta.ts')).meta],
  ['use', 'Make a session the active one', async () => (await import('./use.ts')).use],
  ['fork', 'Branch off a copy of a session', async () => (await import('./fork.ts')).fork],
  ['pin', 'Pin sessions: lists show them first', async () => (await import('./pin.ts')).pin],
  ['unpin', 'Unpin sessions', async () => (await import('./pin.ts')).unpin],
  ['hide', 'Hide messages: not sent, exported or found', async () => (await import('./hide.ts')).hide],
  ['unhide', 'Show hidden messages again', async () => (await import('./hide.ts')).unhide],
  ['archive', 'Archive sessions: list hides them', async () => (await import('./archive.ts')).archive],
  ['unarchive', 'Make archived sessions active again', async () => (await import('./archive.ts')).unarchive],
  ['delete', 'Move sessions to the trash', async () => (await import('./delete.ts')).remove, 'rm'],
  ['restore', 'Bring sessions back from the trash', async () => (await import('./restore.ts')).restore],
  ['purge', 'Remove sessions in the trash for good', async () => (await import('./purge.ts')).purge],
  ['export', 'Write sessions to a file', async () => (await import('./export/command.ts')).exportSessions],
  ['import', 'Read sessions from a file', async () => (await import('./import/command.ts')).importSessions],
]

const DESTRUCTIVE = ['delete', 'purge']

/** The commands over sessions. */
export default definePlugin({
  name: 'sessions',
  requires: ['formats'],
  apply({ hooks }) {
    hooks.commands.tap('sessions', ({ add }) => {
      for (const [verb, summary, load, alias] of COMMANDS) {
        const verbs = alias ? [verb, alias] : [verb]
        add({
          name: `session ${verb}`,
          summary,
          group: 'Sessions',
          load,
          destructive: DESTRUCTIVE.includes(verb),
          aliases: alias ? [`session ${alias}`, alias] : [],
          argvAliases: verbs.map((each) => `sessions ${each}`),
        })
      }
      add({
        name: 'trash',
        summary: 'List the sessions in the trash, last deleted first',
        group: 'Sessions',
        load: async () => (await import('./trash.ts')).trash,
      })
    })
  },
})
