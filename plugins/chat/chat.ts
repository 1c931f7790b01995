import {
  type Context,
  defineCommand,
  findId,
  flag,
  nonBlank,
  once,
  type RowStream,
  type Session,
  splitTags,
  Title,
  usage,
  wholeNumber,
} from 'ainative-code'
import * as z from 'zod'
import { ask, type Question } from './ask.ts'
import { muteKeys } from './echo.ts'
import { endOf, onlyCode, withErrors, withResult, withSummary, withWaiting } from './events.ts'
import type { ChatEvent } from './exchange.ts'
import { withFiles } from './files.ts'
import { isTerminal, messageOf, noMessage } from './input.ts'
import { printChat } from './print.ts'
import { checkSetup, ready, sessionToResume, type Target, targetOf, type Wishes } from './target.ts'
import type { UsedTemplate } from './template/use.ts'

export { attempt } from './attempts.ts'
export { failureOf } from './failure.ts'
export { ready, targetOf } from './target.ts'

const Input = once(() =>
  z.object({
    message: z.array(z.string()).default([]).meta({ value: 'message' }),
    title: Title().optional().describe('Its title; of a session that is there, a new one').meta({ value: 'text' }),
    sessionId: z.string().optional().describe('Go on in this session').meta({ alias: 's', value: 'id', complete: 'id' }),
    resume: flag('Go on in the last session, with --title in the last one of that title').meta({ alias: 'r' }),
    continue: flag('Continue the session used last').meta({ alias: 'c' }),
    pick: flag('Choose the session to go on in'),
    provider: z.string().optional().describe('Who answers').meta({ value: 'name', complete: 'provider' }),
    model: z.string().optional().describe('The model to ask').meta({ alias: 'm', value: 'name', complete: 'model' }),
    system: nonBlank().optional().describe('What the model is told beforehand').meta({ value: 'text' }),
    temperature: z
      .any()
      .refine((value) => /^\d*\.?\d+$/.test(String(value)) && Number(value) <= 2, 'expected a number from 0 to 2')
      .transform(Number)
      .optional()
      .describe('How freely it answers, 0 to 2')
      .meta({ value: 'number' }),
    maxTokens: wholeNumber(1).optional().describe('The most tokens that the reply may have').meta({ value: 'count' }),
    tag: z.array(nonBlank()).default([]).describe('Tag the session; commas separate tags').meta({ value: 'tag', complete: 'tag' }),
    project: nonBlank().optional().describe('The project of the session').meta({ value: 'name', complete: 'project' }),
    context: wholeNumber(1).optional().describe('Send only the last messages').meta({ value: 'count' }),
    file: z
      .array(nonBlank())
      .default([])
      .describe('Add a text file to the message; may be given several times')
      .meta({ alias: 'f', value: 'file', complete: 'file' }),
    template: nonBlank().optional().describe('Start from a template').meta({ alias: 't', value: 'name', complete: 'template' }),
    var: z.array(nonBlank()).default([]).describe('A variable of the template, as name=value').meta({ value: 'name=value' }),
    raw: flag('The reply as the model wrote it, without styles and without the line below'),
    code: flag('Only the blocks of code of the reply'),
    save: z.boolean().default(true).describe('Store nothing'),
  }),
)

type ChatInput = z.output<ReturnType<typeof Input>>

export const chat = defineCommand({
  name: 'chat',
  summary: 'Talk to a model; without a message, in a conversation',
  writes: true,
  args: ['message'],
  input: Input,
  formats: ['text', 'json', 'jsonl'],
  fields: [
    ...['role', 'content', 'timestamp', 'id', 'provider', 'model', 'parts', 'usage', 'cost', 'latency_ms', 'first_token_ms'],
    ...['finish_reason', 'state', 'type', 'session', 'text', 'message', 'code', 'hint'],
  ],
  styled: true,
  examples: [
    'ainative-code chat "How do I implement OAuth 2.0 in Go?"',
    'git diff | ainative-code chat "Review this"',
    'ainative-code chat -c "And in Rust?"',
    'ainative-code chat -f main.go "What does this do?"',
  ],
  async run(input, context) {
    const { host, format } = context
    checkFlags(input, format)
    const template = await templateOf(input, context)
    const given = await withFiles(await messageOf(input.message, context), input.message, input.file, host.env)
    const message = (template ? template.fill(given) : given) ?? ''
    const talks = !message.trim() && format === 'text' && context.enter && context.interactive && isTerminal() && !input.raw && !input.code
    if (!message.trim() && !talks) throw noMessage(format)
    const wishes = wishesOf(input, template?.wishes)
    const options = { ...input, temperature: input.temperature ?? template?.temperature, fill: template?.fill }
    const target = await targetFor(input, wishes, context)
    if (talks) await checkSetup(host, target, context)
    if (talks) return context.enter?.(await (await import('./mode.ts')).conversation(ready(target), wishes, options, context))
    const events = asked({ target, wishes, message, options, context })
    if (input.raw || input.code) {
      const waiting = withWaiting(events, context)
      return { ...withResult(input.code ? onlyCode(waiting) : waiting), raw: true }
    }
    if (format === 'text') return withResult(withWaiting(withSummary(events, context), context))
    if (format === 'jsonl') return withResult(withErrors(events))
    return endOf(events, context)
  },
  print(data, view) {
    if (!data) return ''
    const { rows, raw } = data as RowStream<ChatEvent> & { raw?: boolean }
    return printChat(rows, raw ? { ...view, color: false } : view)
  },
})

async function* asked(question: Question & { context: Context }): AsyncIterable<ChatEvent> {
  const { target, context } = question
  if (target.guessed) await checkSetup(context.host, target, context)
  const unmute = muteKeys(context)
  try {
    yield* await ask(question)
  } finally {
    unmute()
  }
}

function checkFlags({ raw, code, model, template, var: variables }: ChatInput, format: string): void {
  if (format !== 'text' && (raw || code)) throw usage(`--${raw ? 'raw' : 'code'} writes text, and --format asks for ${format}`)
  if (template === undefined && variables.length > 0) throw usage('--var needs a template', 'ainative-code chat -t NAME --var name=value')
  // Not by the schema: a flag without a check of its own needs no zod, which every chat with it would wait for.
  if (model?.trim() === '') throw usage('--model is blank', 'give a name, or leave it out')
}

async function templateOf({ template, var: variables }: ChatInput, { host }: Context): Promise<UsedTemplate | undefined> {
  if (template === undefined) return undefined
  return (await import('./template/use.ts')).useTemplate(template, variables, host.env)
}

/** What the flags say, else what a template says; its model is one of its own provider. */
function wishesOf({ title, provider, model, system, tag, project }: ChatInput, template: Wishes = {}): Wishes {
  const tags = [...(template.tags ?? []), ...tag.flatMap(splitTags)]
  const own = provider === undefined || provider === template.provider ? template.model : undefined
  return {
    ...{ title, project, provider: provider ?? template.provider, model: model ?? own, system: system ?? template.system },
    ...(tags.length > 0 && { tags }),
  }
}

/** The session and the model that the flags mean. */
async function targetFor(input: ChatInput, wishes: Wishes, context: Context): Promise<Target> {
  const { host, signal } = context
  const resumes = input.resume || input.continue
  if (input.sessionId !== undefined && resumes) throw usage('-s names a session and -r means the last one', 'give one of the two')
  if (input.sessionId !== undefined && input.pick) throw usage('-s names a session and --pick chooses one', 'give one of the two')
  let session: Session | undefined
  if (input.sessionId !== undefined) session = await (await host.store()).get(await findId(host, input.sessionId))
  else if (input.pick) session = await pickedSession(context)
  else if (resumes) session = await sessionToResume(await host.store(), input.title)
  return targetOf(host, wishes, session, signal)
}

/** The session that a person chooses. */
async function pickedSession({ host, runLine }: Context): Promise<Session | undefined> {
  const ids = (await runLine(['session', 'pick', '--print'], { silent: true })) as string[]
  const [id] = ids
  if (id === undefined || ids.length > 1) throw usage(`chat goes on in one session, and ${ids.length} were chosen`)
  return (await host.store()).get(id)
}
