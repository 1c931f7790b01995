import { type Context, oneLine, shorten } from 'ainative-code'

/** An animated line, shown while the program waits. */
export interface Spinner {
  /** Removes the line. */
  stop(): void
}

const FRAME_MS = 120
const BRAILLE = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
const ASCII = '-\\|/'

/**
 * Shows a spinner until it is stopped. The frames are drawn with `progress`, whose line each note clears first. A spinner library would
 * draw over the notes.
 */
export function startSpinner(name: string, { progress, view, host }: Pick<Context, 'progress' | 'view' | 'host'>): Spinner {
  // The Linux console has no Braille.
  const frames = view.ascii || host.env.TERM === 'linux' ? ASCII : BRAILLE
  let frame = 0
  let stopped = false
  const draw = async () => {
    const line = await shorten(`${frames[frame++ % frames.length]} waiting for ${oneLine(name)} …`, (process.stderr.columns || 80) - 1)
    if (!stopped) progress(line)
  }
  void draw()
  // Without unref, the timer would keep the process running although the provider can never answer.
  const timer = setInterval(() => void draw(), FRAME_MS).unref()
  return {
    stop() {
      if (!stopped) progress('')
      stopped = true
      clearInterval(timer)
    },
  }
}
