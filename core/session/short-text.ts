/** The maximum number of characters of a title, or of another text of a user, in an error. */
export const LONGEST = 200

/** Shortens a text for one line of an error. */
export const shortText = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)

/** Shortens a text, and formats it with quotes and escapes for one line of an error. */
export const quoted = (text: string) => JSON.stringify(shortText(text))

/** Formats a title for one line of an error, without quotes. */
export const titleInLine = (title: string) => quoted(title).slice(1, -1)
