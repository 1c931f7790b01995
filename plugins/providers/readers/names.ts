/** Matches a name that is safe to show, because a server may send any text. */
const NAME = /^[\w.:/+-]{1,60}$/

/** The words, followed by the value in brackets if the value is a plain name. */
export const named = (words: string, value: unknown) => (typeof value === 'string' && NAME.test(value) ? `${words} (${value})` : words)
