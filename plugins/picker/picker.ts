import { asciiDrawing, createPace, hasUnicode, measureAny, type Session } from 'ainative-code'
import type { Screen } from '../shell/index.ts'
import { type Action, actionOf } from './keys.ts'
import { createList, type List } from './list.ts'
import type { Choice, PickerOptions } from './picker-options.ts'
import { createPreviews } from './preview.ts'
import { wordsOf } from './query-words.ts'
import { createState, type State } from './state.ts'
import { frameOf, layoutOf } from './view.ts'

/** Runs the picker on a screen. Returns the choice, or undefined if the user closes the picker. */
export async function runPicker(screen: Screen, options: PickerOptions): Promise<Choice | undefined> {
  const { host, paintsScreen: color } = options.context
  const measure = await measureAny()
  const isAscii = !hasUnicode(host.env)
  let drawing: NodeJS.Timeout | undefined
  const changed = () => {
    drawing ??= setTimeout(draw, FRAME_MS)
  }
  const list = createList(options.find, changed)
  const previews = createPreviews(await host.store(), changed)
  const state = createState(list, options, {
    height: () => layoutOf({ columns: screen.columns(), rows: screen.rows() }).height,
    send: (sequence) => screen.send(sequence),
  })
  const draw = () => {
    clearTimeout(drawing)
    drawing = undefined
    const { rows, at, top } = state.place()
    const entry = rows[at]
    const words = wordsOf(state.query())
    const preview = entry && previews.of(entry, list.hit(entry))
    const view = { query: state.query(), rows, at, top, marked: state.marked, preview, words, status: state.status() }
    const { lines, cursor } = frameOf(view, { columns: screen.columns(), rows: screen.rows(), color, measure })
    screen.draw(isAscii ? lines.map(asciiDrawing) : lines, cursor)
  }
  let loading = true
  void load(options.sessions, list, state, () => loading)
  try {
    draw()
    return await readKeys(screen, list, state, draw)
  } finally {
    loading = false
    list.stop()
    previews.stop()
    clearTimeout(drawing)
  }
}

/** The minimum time between two redraws for new results, in milliseconds. Keys redraw immediately. */
const FRAME_MS = 25
/** The time between two pauses while loading, in milliseconds. */
const PACE_MS = 8
/** The number of sessions to add at once. */
const BATCH = 200

/** Adds all sessions in batches, with pauses in which keys are handled. */
async function load(sessions: AsyncIterable<Session>, list: List, state: State, isOpen: () => boolean): Promise<void> {
  const pause = createPace(PACE_MS)
  let batch: Session[] = []
  try {
    for await (const session of sessions) {
      batch.push(session)
      if (batch.length < BATCH) continue
      list.add(batch)
      batch = []
      await pause()
      if (!isOpen()) return
    }
  } catch (error) {
    state.fail(error)
  }
  list.add(batch)
  list.complete()
}

/**
 * Handles keys in order until a key ends the picker. Actions on rows wait until the titles are compared, and, if no title matches, until the
 * contents are searched.
 */
async function readKeys(screen: Screen, list: List, state: State, draw: () => void): Promise<Choice | undefined> {
  for (let next = screen.next(); ; ) {
    const action = actionOf(await next)
    next = screen.next()
    // A failure is handled at the next await.
    next.catch(() => undefined)
    if (!action) continue
    if (action.do === 'close') return undefined
    if (NEEDS_ROWS.includes(action.do)) {
      await list.titlesCompared()
      if (list.rows().length === 0) await Promise.race([list.searched(), next])
    }
    const choice = await state.apply(action)
    if (choice) return choice
    draw()
  }
}

const NEEDS_ROWS: Action['do'][] = ['choose', 'chat', 'copy', 'mark', 'move']
