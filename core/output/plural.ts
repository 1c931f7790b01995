/** Formats a count with a noun: `1 session`, `2,000 sessions`. `nouns` is for a plural with another ending. */
export const plural = (count: number, noun: string, nouns = `${noun}s`): string => `${digits(count)} ${count === 1 ? noun : nouns}`

/** Node takes 10 ms to prepare the first number with separators. */
const digits = (count: number) => (count < 1000 ? String(count) : count.toLocaleString('en-US'))
