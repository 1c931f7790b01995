import { type Context, defineCommand, flag, readText } from 'ainative-code'
import * as z from 'zod'
import { checkedName } from '../server/names.ts'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb user add`. */
export const userAdd = defineCommand({
  name: 'zerodb user add',
  summary: 'Add a user to the server, and show its endpoint once',
  group: 'Sync',
  writes: true,
  fields: ['user', 'endpoint'],
  args: ['name'],
  input: z.object({
    name: z.string(),
    passwordStdin: flag('Read the password from standard input'),
    ...adminFlags,
  }),
  examples: ['ainative-code zerodb user add alice', 'pass show zerodb | ainative-code zerodb user add alice --password-stdin'],
  async run({ name, passwordStdin, ...input }, context) {
    checkedName('user', name)
    const password = await passwordOf(passwordStdin, context)
    return asAdmin(input, context, async (server) => {
      const [{ addUser }, { urlText }] = await Promise.all([import('../server/users.ts'), import('../server/endpoint.ts')])
      await addUser(server, name, password)
      return { user: name, endpoint: urlText({ ...server.endpoint, user: name, password }) }
    })
  },
  print: ({ user, endpoint }) =>
    `Added ${user}. The endpoint contains the password, and is shown only now:\n${endpoint}\nOn each device of ${user}: ainative-code config set services.zerodb.endpoint --stdin\n`,
})

async function passwordOf(fromStdin: boolean, { stdin }: Context): Promise<string> {
  const { checkedPassword, newPassword } = await import('../server/password.ts')
  return fromStdin ? checkedPassword((await readText(stdin())).replace(/\r?\n$/, '')) : newPassword()
}
