import nodePath from 'node:path'
import {
  type Config,
  type Context,
  configChecks,
  configReader,
  defineCommand,
  editor,
  messageOf,
  Problem,
  userConfigFile,
} from 'ainative-code'
import * as z from 'zod'

const EMPTY = '# Settings of ainative-code; docs/config.md lists the keys.\n'

/** The command `config edit`. */
export const edit = defineCommand({
  name: 'config edit',
  summary: 'Edit your config in $EDITOR',
  group: 'Configuration',
  tolerant: true,
  writes: true,
  fields: ['file', 'changed'],
  input: z.object({}),
  async run(_, context) {
    const { env } = context.host
    const config = (await userConfigFile()).openUserConfigText(env)
    const { file, text = file.endsWith('.json') ? '{}\n' : EMPTY } = config
    const options = { name: nodePath.basename(file), env, signal: context.signal }
    const changed = await (await editor()).editText(text, options, async (after) => {
      await check(after, file, context)
      await config.write(after)
      return true
    })
    return { file, changed: changed ?? false }
  },
  print: ({ file, changed }) => (changed ? `Changed ${file}\n` : `No changes in ${file}\n`),
})

/** Throws a Problem if a text is not a valid config. Reports unknown keys as warnings. */
async function check(text: string, file: string, { host, note }: Context): Promise<void> {
  const values: Config = await (await configReader()).configOf({ file, text }, host.env).catch(refuse)
  const { mistakeIn, noteUnknownIn } = await configChecks()
  const mistake = await mistakeIn(host, values, file)
  if (mistake) refuse(mistake)
  await noteUnknownIn(host, values, file, (line) => note(`warning: ${line}`))
}

function refuse(error: unknown): never {
  throw new Problem('config', `${messageOf(error)}; the config was not changed`, {
    hint: 'ainative-code config edit opens the editor again',
    cause: error,
  })
}
