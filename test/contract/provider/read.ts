import type { ReceivedRequest } from '../../helpers/wire/server.ts'

/** What a request asked for, whatever the provider calls it. */
export interface Request {
  key?: string
  model?: string
  system?: string
  turns: [role: string, text: string][]
  temperature?: number
  most?: number
}

type Part = string | { text: string }[]

const textOf = (content: Part) => (typeof content === 'string' ? content : content.map(({ text }) => text).join(''))
const bearer = ({ headers }: ReceivedRequest) => headers.authorization?.replace('Bearer ', '')

/** Messages of which the first may be the system's. */
function split(messages: { role: string; content: Part }[]): Pick<Request, 'system' | 'turns'> {
  const lines = messages.map(({ role, content }): [string, string] => [role, textOf(content)])
  const ours = (role: string) => role === 'system' || role === 'developer'
  return { system: lines.find(([role]) => ours(role))?.[1], turns: lines.filter(([role]) => !ours(role)) }
}

export const anthropic = ({ body, headers }: ReceivedRequest): Request => ({
  key: headers['x-api-key'],
  model: body.model,
  system: body.system && textOf(body.system),
  turns: split(body.messages).turns,
  temperature: body.temperature,
  most: body.max_tokens,
})

export const openaiChat = (asked: ReceivedRequest): Request => ({
  key: bearer(asked),
  model: asked.body.model,
  ...split(asked.body.messages),
  temperature: asked.body.temperature,
  most: asked.body.max_tokens ?? asked.body.max_completion_tokens,
})

export const openaiResponses = (asked: ReceivedRequest): Request => ({
  key: bearer(asked),
  model: asked.body.model,
  ...split(asked.body.input),
  temperature: asked.body.temperature,
  most: asked.body.max_output_tokens,
})

export const azure = (asked: ReceivedRequest): Request => ({ ...openaiResponses(asked), key: asked.headers['api-key'] })

export const azureDeployment = (asked: ReceivedRequest): Request => ({
  ...openaiChat(asked),
  key: asked.headers['api-key'],
  model: /deployments\/(\w+)\//.exec(asked.path)?.[1],
})

export const bedrock = (asked: ReceivedRequest): Request => ({
  key: bearer(asked),
  model: /^\/model\/(\w+)\//.exec(asked.path)?.[1],
  system: asked.body.system?.length ? textOf(asked.body.system) : undefined,
  turns: split(asked.body.messages).turns,
  temperature: asked.body.inferenceConfig?.temperature,
  most: asked.body.inferenceConfig?.maxTokens,
})

export const gemini = ({ body, headers, path }: ReceivedRequest): Request => ({
  key: headers['x-goog-api-key'],
  model: /models\/(\w+):/.exec(path)?.[1],
  system: body.systemInstruction && textOf(body.systemInstruction.parts),
  turns: body.contents.map(({ role, parts }: { role: string; parts: Part }) => [role === 'model' ? 'assistant' : role, textOf(parts)]),
  temperature: body.generationConfig?.temperature,
  most: body.generationConfig?.maxOutputTokens,
})

export const ollama = (asked: ReceivedRequest): Request => ({
  key: bearer(asked),
  model: asked.body.model,
  ...split(asked.body.messages),
  temperature: asked.body.options.temperature,
  most: asked.body.options.num_predict,
})
