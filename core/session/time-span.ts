/** The time span of a date in milliseconds: a whole local day, or one instant. */
export interface TimeSpan {
  from: number
  /** The first millisecond after the span. */
  end: number
}
