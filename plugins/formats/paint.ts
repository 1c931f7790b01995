import { styleText } from 'node:util'

export type Style = Extract<Parameters<typeof styleText>[0], string>

/** Text in a style, which goes on after a part of it that ends with the same code. */
export function paint(style: Style, text: string): string {
  if (text === '') return text
  const [open = '', close = ''] = styleText(style, '\0', { validateStream: false }).split('\0')
  return open + text.replaceAll(close, close + open) + close
}
