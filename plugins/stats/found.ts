import type { View } from 'ainative-code'

/** What a run of the command found, and how to print it. */
export interface Found {
  data: object
  print(view: View): string | AsyncIterable<string> | Promise<string>
}
