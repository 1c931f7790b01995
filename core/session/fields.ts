import * as z from 'zod'
import { once } from '../kernel/once.ts'

/** A schema of a whole number of a flag or a script, at most Number.MAX_SAFE_INTEGER. */
export const wholeNumber = (least: 0 | 1) =>
  z.any().transform((value: unknown, context): number => {
    if ((typeof value === 'string' || typeof value === 'number') && /^\d+$/.test(String(value)) && Number(value) >= least) {
      return Math.min(Number(value), Number.MAX_SAFE_INTEGER)
    }
    context.addIssue({ code: 'custom', message: least ? 'expected a whole number of 1 or more' : 'expected a whole number' })
    return z.NEVER
  })

const off = once(() => z.boolean().default(false))

/** A schema of a flag without a value, off by default. */
export const flag = (description: string) => off().describe(description)

/** A schema of a text that is not blank. */
export const nonBlank = (message = 'must not be blank') => z.string().refine((text) => text.trim() !== '', message)

/** A schema of a title. */
export const Title = once(() => nonBlank('a title cannot be blank'))
