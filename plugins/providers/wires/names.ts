/** A name that is safe to show: what a server sends may hold anything. */
const NAME = /^[\w.:/+-]{1,60}$/

/** The words with the value in brackets, if the value is a plain name. */
export const named = (words: string, value: unknown) => (typeof value === 'string' && NAME.test(value) ? `${words} (${value})` : words)
