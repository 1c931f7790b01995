import * as z from 'zod'

/** A whole number from a flag or a script; larger than any list is all of it. */
export const wholeNumber = (least: 0 | 1) =>
  z
    .union([z.string(), z.number()])
    .refine(
      (value) => /^\d+$/.test(String(value)) && Number(value) >= least,
      least ? 'expected a whole number of 1 or more' : 'expected a whole number',
    )
    .transform((value) => Math.min(Number(value), Number.MAX_SAFE_INTEGER))

/** A switch that is off unless given. */
export const flag = (description: string) => z.boolean().default(false).describe(description)
