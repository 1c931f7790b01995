import { type ChatChunk, type ChatRequest, type Context, definePlugin, type Host, type Problem, type Provider } from 'ainative-code'
import type { ModelNames, Target } from './target.ts'

export { modelLabel } from './label.ts'
export type { ModelNames, Target } from './target.ts'

/** Asks models on behalf of other plugins: finds the provider, retries, and explains failures. */
export default definePlugin({
  name: 'models',
  configPath: 'llm.default_provider',
  apply() {},
})

/** Loads the code that only a request needs, with one import, so that the build puts this code into one chunk. */
const load = () => import('./on-demand.ts')

/** Finds the provider and the model: from the options, or else the session, or else the config, or else the first provider that is set up. */
export const resolveTarget = async (
  host: Host,
  wanted: ModelNames,
  session: ModelNames | undefined,
  signal: AbortSignal,
): Promise<Target> => (await load()).resolveTarget(host, wanted, session, signal)

/** Splits a text such as `openai/gpt-5` into a provider and a model, unless the current provider may have a model of that name. */
export const splitModel = async (host: Host, text: string | undefined, current: string | undefined): Promise<ModelNames> =>
  (await load()).splitModel(host, text, current)

/** Throws a Problem with the next step if the provider needs a key and has none. */
export const requireKey = async (host: Host, target: Target, view: Context['view']): Promise<void> =>
  (await load()).requireKey(host, target, view.width)

/** Asks a provider and retries transient failures until the reply starts; each retry is a note. Throws a Problem. */
export async function* askProvider(
  target: Pick<Target, 'provider' | 'connected'>,
  request: ChatRequest,
  signal: AbortSignal,
  note: (text: string) => void,
): AsyncIterable<ChatChunk> {
  yield* (await load()).askProvider(target, request, signal, note)
}

/** Converts an error that a provider threw to a Problem. */
export const providerProblem = async (error: unknown, provider: Provider): Promise<Problem> =>
  (await (await load()).failureOf(error, provider)).problem
