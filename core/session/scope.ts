/** The sessions that an id can refer to: `live` for those outside the trash, `trash` for those in the trash. */
export type Scope = 'live' | 'trash'

/** The titles that can be used in place of an id: none, an exact match, or a case-insensitive match. */
export type Titles = 'none' | 'exact' | 'any'
