import * as z from 'zod'
import { once } from '../kernel/once.ts'
import { nonBlank, wholeNumber } from '../session/fields.ts'
import { isTimeZone } from '../session/time-zone.ts'

/** How a list may be sorted. */
export const SORT_KEYS = ['date', 'title', 'messages', 'updated', 'created'] as const

/** Checks the block; it may stand in a config that nobody trusts. */
export const DefaultsSchema = once(() =>
  z.object({
    limit: wholeNumber(1).optional(),
    sort: z.enum(SORT_KEYS).optional(),
    format: nonBlank().optional().meta({ complete: 'listFormat' }),
    color: z.enum(['auto', 'always', 'never']).optional(),
    tags: z.array(nonBlank()).optional().meta({ complete: 'tags' }),
    project: nonBlank().optional().meta({ complete: 'project' }),
    time_zone: z.string().refine(isTimeZone, 'expected an IANA time zone such as Europe/Berlin').optional().meta({ complete: 'timeZone' }),
  }),
)
