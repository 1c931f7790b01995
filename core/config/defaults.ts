import * as z from 'zod'
import { once } from '../kernel/once.ts'
import { nonBlank, wholeNumber } from '../session/fields.ts'
import { isTimeZone } from '../session/time-zone.ts'

/** The sort orders of a list of sessions. */
export const SORT_KEYS = ['date', 'title', 'messages', 'updated', 'created'] as const

/** The schema of the block `defaults`, the only block that an untrusted project config may set. */
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
