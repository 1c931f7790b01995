import { type Context, defineCommand, type Model, messageOf, Problem, type Provider, table } from 'ainative-code'
import * as z from 'zod'
import { providerProblem } from '../../models/index.ts'

type Row = Model & { provider: string }

/** The command `models`. */
export const models = defineCommand({
  name: 'models',
  summary: "List the models that a provider's API offers",
  group: 'Chat',
  writes: false,
  args: ['provider'],
  input: z.object({ provider: z.string().optional().meta({ complete: 'provider' }) }),
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['provider', 'id', 'name', 'created_at', 'context'],
  examples: ['ainative-code models ollama'],
  run: ({ provider }, context) =>
    provider === undefined ? modelsOfAll(context) : modelsOf(context.host.providers().get(provider), context),
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

/** The models of one provider. */
async function* modelsOf(provider: Provider, { signal }: Context): AsyncIterable<Row> {
  if (!provider.list && !provider.models) throw new Problem('no-model', `the provider ${provider.name} does not list its models`)
  try {
    if (provider.list) for await (const model of await provider.list(signal)) yield { provider: provider.name, ...model }
    else for (const id of provider.models ?? []) yield { provider: provider.name, id }
  } catch (error) {
    signal.throwIfAborted()
    throw await providerProblem(error, provider)
  }
}

/** The models of every provider that is set up. If a provider fails, a note says so. */
async function* modelsOfAll(context: Context): AsyncIterable<Row> {
  let hasModels = false
  for (const { provider, keyless } of await configuredProviders(context)) {
    try {
      for await (const row of modelsOf(provider, context)) {
        hasModels = true
        yield row
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      context.note(error.message)
      // A local server, which needs no key, is often not running.
      if (!keyless) context.fail()
    }
  }
  if (hasModels) return
  throw new Problem('no-model', 'no configured provider returned a list of models', {
    hint: 'ainative-code provider list shows the settings of each provider',
  })
}

async function configuredProviders({ host, note, fail }: Context): Promise<{ provider: Provider; keyless?: boolean }[]> {
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
