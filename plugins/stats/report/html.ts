import { plainLine } from '../plain-line.ts'
import { STYLE } from './style.ts'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Converts untrusted text to one line of HTML. */
export const text = (value: string) => plainLine(value).replace(/[&<>"']/g, (char) => ENTITIES[char] as string)

/** Creates an element with this HTML as content. */
export const element = (name: string, html: string, attributes = '') => `<${name}${attributes && ` ${attributes}`}>${html}</${name}>`

/** Creates a section with a heading; an empty string if the content is empty. */
export const section = (title: string, html: string) => (html ? element('section', element('h2', text(title)) + html) : '')

/** Creates a table: the first column has the names of the rows, the others have numbers. */
export function table(titles: string[], rows: string[][]): string {
  if (rows.length === 0) return ''
  const head = titles.map((title) => element('th', text(title), 'scope="col"')).join('')
  const row = ([name = '', ...cells]: string[]) =>
    element('tr', element('th', `<bdi>${text(name)}</bdi>`, 'scope="row"') + cells.map((cell) => element('td', text(cell))).join(''))
  const html = element('thead', element('tr', head)) + element('tbody', rows.map(row).join('\n'))
  // In a narrow window, a table with many columns shows the name of a row above its numbers.
  return element('div', element('table', html, titles.length > 3 ? 'class="many"' : ''), 'class="rows"')
}

/** The content security policy: the page cannot load or run anything. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** Creates a self-contained page. The empty icon prevents the browser from requesting /favicon.ico. */
export const page = (title: string, parts: string[]) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${parts.filter(Boolean).join('\n')}
</main>
</body>
</html>
`
