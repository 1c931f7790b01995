/** The pages that the browser shows at the end of a login. A page contains no text of the request. */
const PAGES = {
  done: ['You are logged in', 'You can close this window and return to the terminal.'],
  failed: ['The login failed', 'The terminal shows the reason.'],
  taken: ['This login has ended', 'The terminal shows the result.'],
  'other-login': ['This page belongs to another login', 'Start the login in the terminal again: ainative-code auth login'],
  'not-found': ['Page not found', 'This server only waits for a login.'],
} as const

/** Returns the HTML of a page. */
export function page(name: keyof typeof PAGES): string {
  const [title, text] = PAGES[name]
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${title}</title>
<body style="font: 1.1em sans-serif; max-width: 30em; margin: 4em auto"><h1>${title}</h1><p>${text}</p></body></html>
`
}
