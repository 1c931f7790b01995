import {
  type Change,
  type Context,
  type Expr,
  type Host,
  isoTime,
  type Json,
  maskedName,
  type NewMessage,
  type NewSession,
  newMessageId,
  newSessionId,
  Problem,
  type Provider,
  type Session,
  type SessionFields,
  type SortKey,
  type Store,
  suggestion,
  usage,
} from 'ainative-code'
import { failureOf } from './failure.ts'
import { titleOf } from './title.ts'

/** What flags, or the commands of a conversation, say. */
export interface Wishes {
  title?: string
  provider?: string
  model?: string
  system?: string
  tags?: string[]
  project?: string
}

/** A session to chat in: one that is there, or one that the first message makes. */
export interface Target {
  session?: Session
  provider: Provider
  model?: string
  /** Whether nothing says that it is to be this provider: then the session does not say so either. */
  guessed?: boolean
  /** Why no model could be found: then it cannot be asked. */
  problem?: Problem
}

/** The session that -r means: that of a title, the one that was activated last, or the one that was changed last. */
export async function sessionToResume(store: Store, title: string | undefined): Promise<Session | undefined> {
  const first = async (sort: SortKey, ...more: Expr[]) => {
    for await (const session of store.list({ sort, where: { and: [{ trashed: false }, ...more] }, limit: 1 })) return session
    return undefined
  }
  if (title !== undefined) return first('updated', { title })
  return (await first('activated')) ?? first('updated')
}

/** Who answers: flags go before the session, the session before the config, and that before any provider whose key is there. */
export async function targetOf(host: Host, wishes: Wishes, session: Session | undefined, signal: AbortSignal): Promise<Target> {
  const chosen = wishes.provider ?? session?.provider ?? (await defaultProvider(host))
  const asked = { ...wishes, ...(wishes.provider === undefined && (await namedModel(host, wishes.model, chosen))) }
  const provider = find(host, asked.provider ?? chosen ?? FIRST)
  const guessed = chosen === undefined && asked.provider === undefined
  // The session's model is one of its own provider.
  const own = session?.provider && host.providers().find(session.provider) === provider ? session.model : undefined
  const model = asked.model ?? own
  if (model) return { session, provider, model, guessed }
  try {
    return { session, provider, model: await provider.defaultModel?.(signal), guessed }
  } catch (error) {
    signal.throwIfAborted()
    return { session, provider, problem: failureOf(error, provider.name).problem, guessed }
  }
}

/** The same target, if it can be asked. */
export function ready(target: Target): Target {
  if (target.problem) throw target.problem
  return target
}

/** A model as provider/model, which is how it is told of after a reply; not where the one who would be asked may have models so named. */
export async function namedModel(
  host: Host,
  given: string | undefined,
  current: string | undefined,
): Promise<Pick<Wishes, 'provider' | 'model'>> {
  const [, provider = '', model] = /^([^/]+)\/(.+)$/.exec(given ?? '') ?? []
  if (!model || !host.providers().find(provider)?.reply) return { model: given }
  const setup = current === undefined ? undefined : await host.providers().find(current)?.setup?.()
  return setup?.gateway ? { model: given } : { provider, model }
}

function find(host: Host, name: string): Provider {
  const provider = host.providers().get(name)
  if (provider.reply) return provider
  throw usage(`the provider ${name} cannot chat: it is only a name`, 'ainative-code provider list shows those that can')
}

const FIRST = 'anthropic'

/** Throws a Problem that says how to continue where the provider needs a key that is set nowhere. */
export async function checkSetup(host: Host, { provider, guessed }: Target, { view }: Pick<Context, 'view'>): Promise<void> {
  const setup = await provider.setup?.()
  if (!setup?.missing) return
  const { noProvider, noKey } = await import('./no-provider.ts')
  throw guessed ? await noProvider(host, view.width) : noKey(provider.name, setup)
}

/** The config's choice, or the first one that is set up. */
async function defaultProvider(host: Host): Promise<string | undefined> {
  const { default_provider: chosen } = Object(host.config.values.llm) as Json
  if (chosen !== undefined) return known(host, chosen)
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

function known(host: Host, name: unknown): string {
  if (typeof name === 'string' && host.providers().find(name)) return name
  throw new Problem(
    'config',
    `config llm.default_provider: there is no provider named ${JSON.stringify(typeof name === 'string' ? maskedName(name) : name)}`,
    {
      hint: suggestion(String(name), host.providers().names()) ?? 'ainative-code provider list shows those that can chat',
    },
  )
}

/** The change that stores a message of the user's, with the session where it is new, and with what is wished for it. */
export async function questionChange(
  host: Host,
  { session, provider, model, guessed }: Target,
  wishes: Wishes,
  message: string,
): Promise<Change> {
  const now = isoTime(Date.now())
  const make = (role: NewMessage['role'], content: string): NewMessage => ({ id: newMessageId(), role, content, timestamp: now })
  const append = [...(wishes.system === undefined ? [] : [make('system', wishes.system)]), make('user', message)]
  const wanted = {
    provider: guessed ? null : provider.name,
    model: model ?? null,
    ...(wishes.title !== undefined && { title: wishes.title }),
  }
  if (session) {
    const set: Partial<SessionFields> = { ...wanted, activated_at: now }
    return {
      id: session.id,
      set,
      addTags: wishes.tags,
      setMeta: wishes.project === undefined ? undefined : { project: wishes.project },
      append,
    }
  }
  const create = await newSession(host, wishes, wanted, message, now)
  return { id: create.id, create, append }
}

async function newSession(
  host: Host,
  wishes: Wishes,
  wanted: Pick<NewSession, 'provider' | 'model'>,
  message: string,
  now: string,
): Promise<NewSession> {
  const { defaults } = host.config
  const project = wishes.project ?? defaults.project
  return {
    id: newSessionId(),
    title: wishes.title ?? (await titleOf(message)),
    status: 'active',
    ...wanted,
    tags: [...new Set(wishes.tags ?? defaults.tags ?? [])],
    metadata: project === undefined ? {} : { project },
    ...{ created_at: now, updated_at: now, activated_at: now },
  }
}
