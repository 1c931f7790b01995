import type { ScreenEvent } from '../shell/index.ts'
import type { Move } from './cursor.ts'
import type { Part } from './query.ts'

/** The action of a key. */
export type Action =
  | { do: 'type'; text: string }
  | { do: 'erase'; what: Part }
  | { do: 'move'; by: Move }
  | { do: 'mark'; step: 1 | -1 }
  | { do: 'choose' | 'chat' | 'copy' | 'project' | 'close' | 'draw' }

const PLAIN: Record<string, Action> = {
  return: { do: 'choose' },
  enter: { do: 'choose' },
  escape: { do: 'close' },
  backspace: { do: 'erase', what: 'character' },
  tab: { do: 'mark', step: 1 },
  up: { do: 'move', by: -1 },
  down: { do: 'move', by: 1 },
  pageup: { do: 'move', by: 'back' },
  pagedown: { do: 'move', by: 'page' },
  home: { do: 'move', by: 'first' },
  end: { do: 'move', by: 'last' },
}

const CTRL: Record<string, Action> = {
  a: { do: 'project' },
  c: { do: 'close' },
  g: { do: 'close' },
  h: { do: 'erase', what: 'character' },
  k: { do: 'move', by: -1 },
  l: { do: 'draw' },
  n: { do: 'move', by: 1 },
  o: { do: 'chat' },
  p: { do: 'move', by: -1 },
  u: { do: 'erase', what: 'all' },
  w: { do: 'erase', what: 'word' },
  y: { do: 'copy' },
}

/** The action of an event, or undefined for a key without an action. */
export function actionOf(event: ScreenEvent): Action | undefined {
  if (event.kind === 'resize') return { do: 'draw' }
  if (event.kind === 'text') return { do: 'type', text: event.text }
  const { name = '', ctrl, meta, shift } = event.key
  if (name === 'tab' && shift) return { do: 'mark', step: -1 }
  if (meta) return undefined
  const table = ctrl ? CTRL : PLAIN
  return Object.hasOwn(table, name) ? table[name] : undefined
}
