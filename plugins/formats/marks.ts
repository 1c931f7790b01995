/** Stands before a line of code within a list: it is not indented, so that it can be copied. Harmless text has no control characters. */
export const FIRST_COLUMN = '\x02'

/** Where a line is indented that has not this mark. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the mark is one
export const INDENTED = /^(?=[^\n\x02])/gm

/** Stands for a tab of code, which marked would replace by spaces within a list. */
const TAB = '\x01'

/** A fenced block, maybe within a list, up to the fence that closes it or to the end. */
const FENCED = /^([ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+)*)(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t]*\2|$(?![\s\S]))/gm

/** Holds the tabs of fenced code, but not those that indent the block itself. */
export function holdTabs(text: string): string {
  if (!text.includes('\t')) return text
  return text.replace(FENCED, (block, before: string) => block.replace(before.includes('\t') ? /(?<!^ *)\t/gm : /\t/g, TAB))
}

export const releaseTabs = (text: string) => text.replaceAll(TAB, '\t')

/** A text without its marks. */
export const withoutMarks = (text: string) => releaseTabs(text).replaceAll(FIRST_COLUMN, '')
