import * as z from 'zod'
import { once } from '../kernel/once.ts'
import { ROLES, STATUSES } from '../session/session.ts'
import { isCost, isUsage } from '../session/usage.ts'
import { unexpectedResult } from './unexpected-result.ts'

/** The schemas of a change and of a request; built on first use. */
const Schemas = once(() => {
  const text = z.string()
  const texts = z.array(text)
  const keys = z.record(text, z.unknown())
  const messages = z.array(
    z.looseObject({
      ...{ id: text, role: z.enum(ROLES), content: text, timestamp: text },
      usage: z.unknown().refine(isUsage, 'expected whole numbers, such as { input: 12, output: 3 }').optional(),
      cost: z.unknown().refine(isCost, 'expected { amount, currency, source }').optional(),
    }),
  )
  const name = text.nullable()
  const fields = { title: text, status: z.enum(STATUSES), provider: name, model: name }
  const change = z.object({
    id: text,
    expected: z.object({ title: text, tags: texts, metadata: keys, origin: keys }).partial(),
    create: z.looseObject({ id: text, ...fields, tags: texts, metadata: keys }),
    set: z.object({ ...fields, activated_at: name, deleted_at: name, origin: keys.nullable() }).partial(),
    addTags: texts,
    removeTags: texts,
    setMeta: keys,
    unsetMeta: texts,
    append: messages,
    replace: messages,
    removeMessages: texts,
    setMessages: z.array(z.object({ id: text, hidden: z.boolean() })),
    remove: z.boolean(),
  })
  const message = z.looseObject({ role: z.enum(['system', 'user', 'assistant']), content: text })
  return {
    change: change.partial().required({ id: true }),
    request: z.looseObject({
      provider: text,
      model: text.optional(),
      messages: z.array(message).min(1),
      temperature: z.number().optional(),
      max_tokens: z.number().optional(),
    }),
  }
})

/** Validates a change or a request that a plugin returned. Returns a copy, which has no getters. */
export function parseResult(type: 'change' | 'request', value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpectedResult(`a ${type}`, value)
  const { success, data, error } = Schemas()[type].safeParse(value)
  if (success) return data
  const [issue] = error.issues
  throw new Error(`returned a ${type} with an invalid ${issue?.path.join('.')}: ${issue?.message}`)
}
