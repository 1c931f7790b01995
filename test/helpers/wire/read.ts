import type { ChatChunk } from '../../../core/contract/provider.ts'
import { anthropic } from '../../../plugins/providers/readers/anthropic.ts'
import { bedrock } from '../../../plugins/providers/readers/bedrock.ts'
import { gemini } from '../../../plugins/providers/readers/gemini.ts'
import { ollama } from '../../../plugins/providers/readers/ollama.ts'
import { openaiChat } from '../../../plugins/providers/readers/openai-chat.ts'
import { openaiResponses } from '../../../plugins/providers/readers/openai-responses.ts'
import { type MakeReader, readReply } from '../../../plugins/providers/readers/read.ts'

/** The reader of each provider's replies. */
export const WIRES: Record<'openai' | 'azure' | 'anthropic' | 'gemini' | 'ollama' | 'bedrock', MakeReader> = {
  openai: openaiChat,
  azure: openaiResponses,
  ...{ anthropic, gemini, ollama, bedrock },
}

/** The result of reading a response: the joined texts and thoughts, all other chunks, and the error of a failure. */
export interface Outcome {
  text: string
  reasoning: string
  others: ChatChunk[]
  error?: unknown
}

/** Reads a response that arrives in these pieces, in this process. */
export const readPieces = (pieces: Uint8Array[], wire: MakeReader): Promise<Outcome> =>
  readBody(
    (async function* () {
      yield* pieces
    })(),
    wire,
  )

/** Reads a response with this body, in this process. */
export async function readBody(body: AsyncIterable<Uint8Array>, wire: MakeReader): Promise<Outcome> {
  const outcome: Outcome = { text: '', reasoning: '', others: [] }
  const unused = async () => {
    throw new Error('not read as a whole')
  }
  const answer = { ok: true as const, status: 200, headers: { 'content-type': 'text/event-stream' }, body, text: unused, json: unused }
  try {
    for await (const { text = '', reasoning = '', ...rest } of readReply(answer, wire)) {
      outcome.text += text
      outcome.reasoning += reasoning
      if (Object.keys(rest).length > 0) outcome.others.push(rest)
    }
  } catch (error) {
    outcome.error = error
  }
  return outcome
}
