import { type Host, type Json, maskedName, Problem, type Provider, suggestion, usage } from 'ainative-code'
import { failureOf } from './failure.ts'

/** The names of a provider and a model, from options, a session or a template. */
export interface ModelNames {
  provider?: string | null
  model?: string | null
}

/** The provider and the model that answer. */
export interface Target {
  provider: Provider
  /** The same provider with the settings of the current request, if these settings are already read. */
  connected?: Provider
  model?: string
  /** True if no option, session or config names the provider. The session then stores no provider. */
  isFallback?: boolean
  /** The reason why the default model is unknown. A request to this target is then impossible. */
  problem?: Problem
}

/** Finds the provider and the model: from the options, or else the session, or else the config, or else the first provider that is set up. */
export async function resolveTarget(host: Host, wanted: ModelNames, session: ModelNames | undefined, signal: AbortSignal): Promise<Target> {
  const current = wanted.provider ?? session?.provider ?? (await defaultProvider(host))
  const names: ModelNames =
    wanted.provider === undefined ? { provider: current, ...(await splitModel(host, wanted.model, current)) } : wanted
  const isFallback = names.provider === undefined
  const provider = isFallback ? firstProvider(host) : chatProvider(host, names.provider as string)
  // The session's model belongs to the session's provider.
  const own = session?.provider && host.providers().find(session.provider) === provider ? session.model : undefined
  const model = names.model ?? own
  if (model) return { provider, model, isFallback }
  return { isFallback, ...(await withDefaultModel(provider, signal)) }
}

async function withDefaultModel(provider: Provider, signal: AbortSignal): Promise<Target> {
  try {
    const connected = await provider.forRequest?.()
    return { provider, connected, model: await (connected ?? provider).defaultModel?.(signal) }
  } catch (error) {
    signal.throwIfAborted()
    return { provider, problem: (await failureOf(error, provider)).problem }
  }
}

/** Splits a text such as `openai/gpt-5` into a provider and a model, unless the current provider may have a model of that name. */
export async function splitModel(host: Host, text: ModelNames['model'], current: ModelNames['provider']): Promise<ModelNames> {
  const [, provider = '', model] = /^([^/]+)\/(.+)$/.exec(text ?? '') ?? []
  if (!model || !host.providers().find(provider)?.reply) return { model: text }
  const setup = await host
    .providers()
    .find(current ?? '')
    ?.setup?.()
  return setup?.gateway ? { model: text } : { provider, model }
}

function chatProvider(host: Host, name: string): Provider {
  const provider = host.providers().get(name)
  if (provider.reply) return provider
  throw usage(`the provider ${name} cannot chat: it is only a name`, 'ainative-code provider list shows the providers that can')
}

/** The first provider that can chat: the target of a chat if no provider is set up. */
function firstProvider(host: Host): Provider {
  const first = host
    .providers()
    .all()
    .find(({ reply }) => reply)
  if (first) return first
  throw new Problem('no-provider', 'no plugin adds a provider that can chat', { hint: 'ainative-code plugin list shows the plugins' })
}

/** The provider that the config names, or else the first one that is set up. */
async function defaultProvider(host: Host): Promise<string | undefined> {
  const { default_provider: configured } = Object(host.config.values.llm) as Json
  if (configured !== undefined) return configuredProvider(host, configured)
  let mistake: unknown
  for (const provider of host.providers().all()) {
    try {
      const setup = provider.reply && (await provider.setup?.())
      if (setup?.wanted ?? setup?.key) return provider.name
    } catch (error) {
      mistake ??= error
    }
  }
  if (mistake) throw mistake
  return undefined
}

function configuredProvider(host: Host, name: unknown): string {
  if (typeof name === 'string' && host.providers().find(name)) return name
  const shown = JSON.stringify(typeof name === 'string' ? maskedName(name) : name)
  throw new Problem('config', `config llm.default_provider: there is no provider named ${shown}`, {
    hint: suggestion(String(name), host.providers().names()) ?? 'ainative-code provider list shows the providers that can chat',
  })
}
