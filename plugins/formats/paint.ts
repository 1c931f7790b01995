import { styleText } from 'node:util'

/** A style of util.styleText(). */
export type Style = Extract<Parameters<typeof styleText>[0], string>

/** Applies a style to a text. If a nested style ends with the same escape code, the outer style starts again after it. */
export function paint(style: Style, text: string): string {
  if (text === '') return text
  const [open = '', close = ''] = styleText(style, '\0', { validateStream: false }).split('\0')
  return open + text.replaceAll(close, close + open) + close
}
