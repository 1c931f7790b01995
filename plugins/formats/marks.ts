/**
 * Marks a line of code in a list, which is not indented so that it can be copied. escapeControls() replaces control characters, so text never
 * contains this mark.
 */
export const FIRST_COLUMN = '\x02'

/** Matches the start of each line without the mark FIRST_COLUMN. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the mark is one
export const INDENTED = /^(?=[^\n\x02])/gm

/** Replaces a tab of code, because marked would convert the tab to spaces in a list. */
const TAB = '\x01'

/** Matches a fenced block, also in a list, up to its closing fence or the end of the text. */
const FENCED = /^([ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+)*)(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t]*\2|$(?![\s\S]))/gm

/** Replaces the tabs of fenced code with marks, except those that indent the block itself. */
export function markTabs(text: string): string {
  if (!text.includes('\t')) return text
  return text.replace(FENCED, (block, before: string) => block.replace(before.includes('\t') ? /(?<!^ *)\t/gm : /\t/g, TAB))
}

/** Restores the tabs that markTabs() replaced. */
export const restoreTabs = (text: string) => text.replaceAll(TAB, '\t')

/** Removes the marks from a text. */
export const withoutMarks = (text: string) => restoreTabs(text).replaceAll(FIRST_COLUMN, '')
