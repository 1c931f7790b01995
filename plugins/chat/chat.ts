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
import { requireKey } from '../models/index.ts'
import { ask, type Question } from './ask.ts'
import { disableEcho } from './echo.ts'
import { endOf, onlyCode, withErrors, withResult, withSummary, withWaiting } from './events.ts'
import type { ChatEvent } from './exchange.ts'
import { withFiles } from './files.ts'
import { isTerminal, messageOf, noMessage } from './input.ts'
import { printChat } from './print.ts'
import { type ChatChoices, type ChatTarget, chatTarget, requireModel, sessionToResume } from './target.ts'
import type { UsedTemplate } from './template/use.ts'

const Input = once(() =>
  z.object({
    message: z.array(z.string()).default([]).meta({ value: 'message' }),
    title: Title().optional().describe('Title of the session; renames an existing one').meta({ value: 'text' }),
    sessionId: z.string().optional().describe('Continue this session').meta({ alias: 's', value: 'id', complete: 'id' }),
    resume: flag('Continue the last session; with --title, the last one with that title').meta({ alias: 'r' }),
    continue: flag('Continue the session used last').meta({ alias: 'c' }),
    pick: flag('Choose the session to continue'),
    provider: z.string().optional().describe('Provider to use').meta({ value: 'name', complete: 'provider' }),
    model: z.string().optional().describe('Model to use').meta({ alias: 'm', value: 'name', complete: 'model' }),
    system: nonBlank().optional().describe('System prompt').meta({ value: 'text' }),
    temperature: z
      .any()
      .refine((value) => /^\d*\.?\d+$/.test(String(value)) && Number(value) <= 2, 'expected a number from 0 to 2')
      .transform(Number)
      .optional()
      .describe('Sampling temperature, 0 to 2')
      .meta({ value: 'number' }),
    maxTokens: wholeNumber(1).optional().describe('Maximum length of the reply, in tokens').meta({ value: 'count' }),
    tag: z.array(nonBlank()).default([]).describe('Tag the session; commas separate tags').meta({ value: 'tag', complete: 'tag' }),
    project: nonBlank().optional().describe('Project of the session').meta({ value: 'name', complete: 'project' }),
    localOnly: flag('Keep the session on this device: sync leaves it out'),
    context: wholeNumber(1).optional().describe('Send only this many of the last messages').meta({ value: 'count' }),
    file: z.array(nonBlank()).default([]).describe('Add a text file to the message').meta({ alias: 'f', value: 'file', complete: 'file' }),
    template: nonBlank().optional().describe('Fill in a template').meta({ alias: 't', value: 'name', complete: 'template' }),
    var: z.array(nonBlank()).default([]).describe('Set a variable of the template').meta({ value: 'name=value' }),
    raw: flag('Write the reply unchanged, without styles and summary'),
    code: flag('Write only the code blocks of the reply'),
    save: z.boolean().default(true).describe('Store nothing'),
  }),
)

type ChatInput = z.output<ReturnType<typeof Input>>

/** The command `chat`: asks one question, or opens a conversation. */
export const chat = defineCommand({
  name: 'chat',
  summary: 'Chat with a model; without a message, start a conversation',
  group: 'Chat',
  textHint: 'to ask a model',
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
    const text = await withFiles(await messageOf(input.message, context), input.message, input.file, host.env)
    const message = (template ? template.fill(text) : text) ?? ''
    const isConversation =
      !message.trim() && format === 'text' && context.enter && context.interactive && isTerminal() && !input.raw && !input.code
    if (!message.trim() && !isConversation) throw noMessage(format)
    // A template's text would give all of its sessions the same title.
    const subject = template && text?.trim() ? text : undefined
    const choices = { ...choicesOf(input, template?.choices), subject }
    const options = { ...input, temperature: input.temperature ?? template?.temperature, fill: template?.fill }
    const target = await targetFor(input, choices, context)
    if (isConversation) await requireKey(host, target, context.view)
    if (isConversation)
      return context.enter?.(await (await import('./mode.ts')).conversationMode(requireModel(target), choices, options, context))
    const events = asked({ target, choices, message, options, context })
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
  if (target.isFallback) await requireKey(context.host, target, context.view)
  const unmute = disableEcho(context)
  try {
    yield* await ask(question)
  } finally {
    unmute()
  }
}

function checkFlags({ raw, code, model, template, var: variables }: ChatInput, format: string): void {
  if (format !== 'text' && (raw || code))
    throw usage(`--${raw ? 'raw' : 'code'} writes text, so it cannot be combined with --format ${format}`)
  if (template === undefined && variables.length > 0) throw usage('--var needs a template', 'ainative-code chat -t NAME --var name=value')
  // Checked here and not by the schema: zod is loaded only for options with checks, and would delay every chat with --model.
  if (model?.trim() === '') throw usage('--model is blank', 'name a model, or omit --model')
}

async function templateOf({ template, var: variables }: ChatInput, { host }: Context): Promise<UsedTemplate | undefined> {
  if (template === undefined) return undefined
  return (await import('./template/use.ts')).useTemplate(template, variables, host.env)
}

/** Combines the options with the template's settings; options take precedence. The template's model applies only with the template's provider. */
function choicesOf({ title, provider, model, system, tag, project, localOnly }: ChatInput, template: ChatChoices = {}): ChatChoices {
  const tags = [...(template.tags ?? []), ...tag.flatMap(splitTags)]
  const own = provider === undefined || provider === template.provider ? template.model : undefined
  return {
    ...{ title, project, provider: provider ?? template.provider, model: model ?? own, system: system ?? template.system },
    ...(tags.length > 0 && { tags }),
    ...(localOnly && { localOnly }),
  }
}

/** Finds the session and the model that the options name. */
async function targetFor(input: ChatInput, choices: ChatChoices, context: Context): Promise<ChatTarget> {
  const { host, signal } = context
  const resumes = input.resume || input.continue
  if (input.sessionId !== undefined && resumes)
    throw usage('-s and -r cannot be combined', '-s names a session, and -r continues the last one')
  if (input.sessionId !== undefined && input.pick)
    throw usage('-s and --pick cannot be combined', '-s names a session, and --pick asks for one')
  let session: Session | undefined
  if (input.sessionId !== undefined) session = await (await host.store()).get(await findId(context, input.sessionId))
  else if (input.pick) session = await pickedSession(context)
  else if (resumes) session = await sessionToResume(await host.store(), input.title)
  return chatTarget(host, choices, session, signal)
}

/** The session that the user chooses. */
async function pickedSession({ host, runLine }: Context): Promise<Session | undefined> {
  const ids = (await runLine(['session', 'pick', '--print'], { silent: true })) as string[]
  const [id] = ids
  if (id === undefined || ids.length > 1) throw usage(`chat continues one session, but ${ids.length} were chosen`)
  return (await host.store()).get(id)
}
