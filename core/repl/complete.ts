import type { Host } from '../host.ts'
import type { EditorOptions } from './editor.ts'

export const createCompleter =
  (_host: Host): EditorOptions['tab'] =>
  async () =>
    undefined
