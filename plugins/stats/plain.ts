import { oneLine } from 'ainative-code'

const LONGEST = 200

/** A text from outside in one line: without control characters and halves of characters, and cut where it is long. */
export function plain(value: string, longest = LONGEST): string {
  const cut = value.slice(0, longest)
  return oneLine((cut.length < value.length ? `${cut}…` : cut).toWellFormed())
}
