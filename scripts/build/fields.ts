import { isDeepStrictEqual } from 'node:util'
import { loadCommand } from 'ainative-code'
import { defaultsOf, type Field, fieldsOf } from '../../core/command/command-fields.ts'
import { load } from '../../core/loading/load.ts'

/** What core/command/built.ts is in the build: with the fields of the shipped commands, a start that gives none of them builds no schema. */
export async function builtSource(): Promise<string> {
  // Of no user's.
  const host = await load({ XDG_CONFIG_HOME: '/nonexistent' }, { plugins: false, quiet: true })
  const fields: Record<string, Field[]> = {}
  for (const entry of host.commands().all()) {
    const command = await loadCommand(entry)
    if (typeof command.input !== 'function') continue
    fields[command.name] = fieldsOf(command)
    if (!isDeepStrictEqual(command.input().parse({}), defaultsOf(fieldsOf(command))))
      throw new Error(`${command.name}: its input has to be an object with plain defaults`)
  }
  return `export const builtFields = () => (${JSON.stringify(fields)})`
}
