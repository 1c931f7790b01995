/** The properties of the output that a text is formatted for. `width` is in columns, and Infinity for a pipe or a file. */
export interface View {
  width: number
  color: boolean
  /** True on a terminal. */
  interactive: boolean
  /** False for a table or CSV without its header. */
  header?: boolean
  /** True for a terminal whose locale has no Unicode. */
  ascii?: boolean
}

/** The values of `--color` and `--no-pager`; a value is absent if its flag is not set. */
export interface DisplayFlags {
  color?: 'auto' | 'always' | 'never'
  pager?: false
}

/** Text that arrives in pieces. `rest` returns the text that is still buffered when Ctrl-C ends the stream. */
export interface ShownText {
  chunks: AsyncIterable<string>
  rest?(): string
}

/** Text to write: all at once, or in pieces. */
export type TextOutput = string | AsyncIterable<string> | ShownText

/**
 * Rows of a command that arrive one by one, with further members for its `print`. `result` returns the value that stands for all rows, once
 * they are read.
 */
export interface RowStream<T = unknown> {
  rows: AsyncIterable<T>
  /** The columns of CSV; they replace the command's `columns`. */
  columns?: readonly string[]
  result?(): unknown
}

/** Options for one line of a script. */
export interface LineOptions {
  /** Commands that write only show what they would do. */
  dryRun?: boolean
  /** Prints nothing; the caller only wants the data. */
  silent?: boolean
  /** The line may enter a mode. */
  enters?: boolean
  /** The line may read standard input; otherwise standard input is empty. */
  stdin?: boolean
  /** The file that contains the line. */
  script?: string
}

/** The lines of a text so far; `whole` is false if the text continues on the next line. */
export interface LinesRead {
  text: string
  whole: boolean
}

/** One possible continuation of a word. */
export interface Candidate {
  value: string
  /** A description to show beside the value, such as the title of an id. */
  about?: string
  /** True if more text follows in the same word, as after a folder's slash or a flag's equals sign. */
  open?: boolean
}

/** The possible continuations of the text before the cursor. */
export interface Completion {
  candidates: Candidate[]
  /** The part of the candidates that the line already contains. */
  word: string
  /** The open quote around the word. */
  quote?: string
  /** The offset in each value at which the listed text starts; a list omits the text before it. */
  shownFrom?: number
}
