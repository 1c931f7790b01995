import { oneLine } from 'ainative-code'

const MAX_LENGTH = 200

/** Converts untrusted text to one line: without control characters or lone surrogates, cut to `maxLength` UTF-16 units. */
export function plainLine(value: string, maxLength = MAX_LENGTH): string {
  const cut = value.slice(0, maxLength)
  return oneLine((cut.length < value.length ? `${cut}…` : cut).toWellFormed())
}
