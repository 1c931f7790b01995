import * as z from 'zod'
import { wholeNumber } from './fields.ts'
import { once } from './once.ts'
import { isTimeZone } from './zone.ts'

/** How a list may be sorted. */
export const SORT_KEYS = ['date', 'title', 'messages', 'updated', 'created'] as const

/** What the block `defaults` of the config says for commands that are not told otherwise. */
export interface Defaults {
  /** How many rows a list shows. */
  limit?: number
  sort?: (typeof SORT_KEYS)[number]
  /** Of lists that have it. */
  format?: string
  color?: 'auto' | 'always' | 'never'
  /** The tags of a new session, unless it gets tags of its own. */
  tags?: string[]
  /** Of a new session whose metadata names none. */
  project?: string
  /** The IANA time zone of the days in statistics. */
  time_zone?: string
}

const text = () => z.string().refine((value) => value.trim() !== '', 'it is blank')

/** Checks the block; it may stand in a config that nobody trusts. */
export const DefaultsSchema = once(() =>
  z.object({
    limit: wholeNumber(1).optional(),
    sort: z.enum(SORT_KEYS).optional(),
    format: text().optional().meta({ complete: 'listFormat' }),
    color: z.enum(['auto', 'always', 'never']).optional(),
    tags: z.array(text()).optional().meta({ complete: 'tags' }),
    project: text().optional().meta({ complete: 'project' }),
    time_zone: z.string().refine(isTimeZone, 'expected an IANA time zone such as Europe/Berlin').optional().meta({ complete: 'timeZone' }),
  }),
)
