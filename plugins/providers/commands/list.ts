import { defineCommand, messageOf, type ProviderSetup, table } from 'ainative-code'
import * as z from 'zod'

interface Row extends ProviderSetup {
  name: string
  problem?: string
}

async function readSetup(setup: () => Promise<ProviderSetup>): Promise<Omit<Row, 'name'>> {
  try {
    const { base_url, key, keyless, model } = await setup()
    return { base_url, key, keyless, model }
  } catch (error) {
    return { problem: messageOf(error) }
  }
}

/** The command `provider list`. */
export const list = defineCommand({
  name: 'provider list',
  summary: 'List the providers and their settings',
  writes: false,
  input: z.object({}),
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['name', 'key', 'keyless', 'base_url', 'model', 'problem'],
  async *run(_, { host }): AsyncIterable<Row> {
    for (const { name, reply, setup } of host.providers().all()) {
      if (!reply) continue
      // A provider without setup needs no settings.
      yield { name, ...(setup ? await readSetup(setup) : { keyless: true }) }
    }
  },
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'PROVIDER', value: ({ name }) => name },
        { title: 'KEY', value: ({ key, keyless, problem }) => problem ?? key ?? (keyless ? 'not needed' : 'missing') },
        { title: 'BASE URL', value: ({ base_url }) => base_url, flexible: true },
        { title: 'DEFAULT MODEL', value: ({ model }) => model },
      ],
      view,
    ),
})
