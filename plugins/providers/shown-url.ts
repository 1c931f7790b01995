import { looksLikeKey, maskedName } from 'ainative-code'

/** A URL without user name, password, query and fragment, for messages. The text may be malformed, or have no scheme. */
export const shownUrl = (url: string) =>
  looksLikeKey(url) && !url.includes('://')
    ? maskedName(url)
    : url.replace(/^(\s*[a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1***@').replace(/[?#].*/s, '?…')
