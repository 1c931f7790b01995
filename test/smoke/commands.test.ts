import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { sample, seed, talk } from '../helpers/seed.ts'

/** One of each kind of command, with ids that the test seeds. */
const COMMANDS = `
--version
help
help session list
session list
session list --json
session list --format csv
session list --format jsonl
session list --tag go
session list --where message_count>1
session list --sort title
session list --limit 1
session list --status active
session list --search one
session show aaaa11112222
session show aaaa11112222 --format json
session show aaaa11112222 --format markdown
session show aaaa
session rename bbbb33334444 Renamed
session tag bbbb33334444 go
session untag bbbb33334444 go
session meta bbbb33334444 priority high
session meta bbbb33334444
session archive bbbb33334444
session list --status archived
session unarchive bbbb33334444
session use aaaa11112222
session fork aaaa11112222 --at 1 --title Fork
session create --title Created --tags x,y
session create --title Other --json
session export aaaa11112222 -o one.json
session export --all -o all.json
session export aaaa11112222 --format markdown -o one.md
session export aaaa11112222 --format text -o one.txt
session import -i one.json --merge
session import -i all.json --merge
session import -i one.json --new-id
session delete bbbb33334444
session list --status deleted
session restore bbbb33334444
query sessions.title
query $count(sessions)
query sessions[message_count>1].id
query $sum(sessions.message_count)
query sessions.messages.content
query sessions{status:$count($)}
plugin list
provider list
config path
config show
completion bash
completion zsh
completion fish
complete fish -- session sh
trust --list
`
  .trim()
  .split('\n')

test(`${COMMANDS.length} commands succeed`, async () => {
  expect(COMMANDS.length).toBeGreaterThanOrEqual(50)
  const home = makeHome()
  await seed(home, sample(1, { id: 'aaaa11112222', title: 'One', metadata: { tags: ['go'] }, messages: talk('Hi', 'Hello') }))
  await seed(home, sample(2, { id: 'bbbb33334444', title: 'Two' }))
  for (const command of COMMANDS) {
    const { code, stderr } = await home.run(...words(command))
    expect({ command, code, stderr: code === 0 ? '' : stderr }).toEqual({ command, code: 0, stderr: '' })
  }
})

/** A query is one word. */
const words = (command: string) => (command.startsWith('query ') ? ['query', command.slice(6)] : command.split(' '))
