/** True if the locale is UTF-8, or if no locale is set. */
export const hasUnicode = ({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv) => /utf-?8|^$/i.test(LC_ALL || LC_CTYPE || LANG || '')

/** ASCII signs for bars of rising height or shade. */
const BARS = '_.,-=+*#'
const RISING = '▁▂▃▄▅▆▇█'
const SHADES: Record<string, string> = { '░': '.', '▒': ':', '▓': '+', '…': '~', '·': '.', '•': '*', '›': '>', '▏': '|' }

/** Replaces lines, frames, bars and dots by ASCII signs of the same width, for a terminal without Unicode. */
export const asciiDrawing = (text: string) => text.replace(/[\u2500-\u259f…·•›]/g, signOf)

function signOf(sign: string): string {
  if (sign in SHADES) return SHADES[sign] as string
  if (RISING.includes(sign)) return BARS[RISING.indexOf(sign)] as string
  if ('─━═╌┄'.includes(sign)) return '-'
  if ('│┃║╎┆'.includes(sign)) return '|'
  return sign < '\u2580' ? '+' : '#'
}
