import type { View } from 'ainative-code'

/** The result of `session stats`: the data, and a function that prints it. */
export interface StatsResult {
  data: object
  print(view: View): string | AsyncIterable<string> | Promise<string>
}
