import { type Context, defineCommand, type Model, messageOf, Problem, type Provider, table } from 'ainative-code'
import * as z from 'zod'
import { providerProblem } from '../../chat/index.ts'

type Row = Model & { provider: string }

export const models = defineCommand({
  name: 'models',
  summary: "List the models that a provider's API offers",
  writes: false,
  args: ['provider'],
  input: z.object({ provider: z.string().optional().meta({ complete: 'provider' }) }),
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['provider', 'id', 'name', 'created_at', 'context'],
  examples: ['ainative-code models ollama'],
  run: ({ provider }, context) => (provider === undefined ? ofAll(context) : ofOne(context.host.providers().get(provider), context)),
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'PROVIDER', value: ({ provider }) => provider },
        { title: 'MODEL', value: ({ id }) => id, flexible: true },
        { title: 'NAME', value: ({ name }) => name },
      ],
      view,
    ),
})

async function* ofOne(provider: Provider, { signal }: Context): AsyncIterable<Row> {
  if (!provider.list && !provider.models) throw new Problem('no-model', `the provider ${provider.name} does not tell its models`)
  try {
    if (provider.list) for await (const model of await provider.list(signal)) yield { provider: provider.name, ...model }
    else for (const id of provider.models ?? []) yield { provider: provider.name, id }
  } catch (error) {
    signal.throwIfAborted()
    throw await providerProblem(error, provider.name)
  }
}

/** Those of every provider that is set up; one that fails is told of in a line. */
async function* ofAll(context: Context): AsyncIterable<Row> {
  let some = false
  for (const { provider, keyless } of await setUp(context)) {
    try {
      for await (const row of ofOne(provider, context)) {
        some = true
        yield row
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      context.note(error.message)
      // A server that needs no key may well not be there.
      if (!keyless) context.fail()
    }
  }
  if (some) return
  throw new Problem('no-model', 'no provider that is set up has told its models', {
    hint: 'ainative-code provider list shows how each is set up',
  })
}

async function setUp({ host, note, fail }: Context): Promise<{ provider: Provider; keyless?: boolean }[]> {
  const found: { provider: Provider; keyless?: boolean }[] = []
  for (const provider of host.providers().all()) {
    try {
      const setup = await provider.setup?.()
      if (setup?.key || setup?.keyless || provider.models || (provider.list && !provider.setup))
        found.push({ provider, keyless: setup?.keyless })
    } catch (error) {
      note(messageOf(error))
      fail()
    }
  }
  return found
}
