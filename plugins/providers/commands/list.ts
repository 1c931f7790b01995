import { defineCommand, type Json, messageOf, type ProviderSetup, table } from 'ainative-code'
import * as z from 'zod'

interface Row extends ProviderSetup {
  name: string
  problem?: string
}

async function readSetup(setup: () => Promise<ProviderSetup>): Promise<Omit<Row, 'name'>> {
  try {
    const { base_url, key, keyless, model, wanted } = await setup()
    return { base_url, key, keyless, model, wanted }
  } catch (error) {
    return { problem: messageOf(error) }
  }
}

/** The command `provider list`. */
export const list = defineCommand({
  name: 'provider list',
  summary: 'List the providers and their settings',
  group: 'Chat',
  writes: false,
  input: z.object({}),
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['name', 'key', 'keyless', 'base_url', 'model', 'problem'],
  async *run(_, { host, note }): AsyncIterable<Row> {
    let isReady = (host.config.values.llm as Json | undefined)?.default_provider !== undefined
    for (const { name, reply, setup } of host.providers().all()) {
      if (!reply) continue
      // A provider without setup needs no settings.
      const { wanted, ...row } = setup ? await readSetup(setup) : { keyless: true, wanted: true }
      isReady ||= Boolean(wanted ?? row.key ?? row.problem)
      yield { name, ...row }
    }
    if (!isReady) note('no provider has a key; ainative-code provider setup asks for one')
  },
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'PROVIDER', value: ({ name }) => name },
        { title: 'KEY', value: ({ key, keyless, problem }) => problem ?? key ?? (keyless ? 'not needed' : 'missing') },
        { title: 'BASE URL', value: ({ base_url }) => base_url, flexible: true, drop: 1 },
        { title: 'DEFAULT MODEL', value: ({ model }) => model, flexible: true, drop: 2 },
      ],
      view,
    ),
})
