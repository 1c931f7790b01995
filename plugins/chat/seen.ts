/** What is known of something that a provider threw; SDKs and users' own plugins name it differently. */
export interface Seen {
  status?: number
  code?: string
  headers: Record<string, string>
  /** What the provider says itself. */
  says: string
  /** Whether it says so in the form of its API. */
  told?: boolean
  /** How long it wants to be left alone, in milliseconds, where it says so in its text. */
  wait?: number
}

export const status =
  (...codes: number[]) =>
  ({ status }: Seen) =>
    status !== undefined && codes.includes(status)

export const code =
  (...codes: string[]) =>
  ({ code }: Seen) =>
    code !== undefined && codes.includes(code)

/** By code, or by text where there is no status, or one that says little: text may speak of anything. */
export const says = (pattern: RegExp, ...vague: number[]) => {
  return ({ status, code = '', says }: Seen) =>
    pattern.test(code.toLowerCase()) ||
    ((status === undefined || status < 300 || vague.includes(status)) && pattern.test(says.toLowerCase()))
}

export const any =
  (...each: ((seen: Seen) => boolean)[]) =>
  (seen: Seen) =>
    each.some((is) => is(seen))
