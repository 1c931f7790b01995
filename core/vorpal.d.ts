/** The part of vorpal 1.12 that the shell uses; it comes without types. */
declare module 'vorpal' {
  interface Ui {
    midPrompt(): boolean
    /** Sets or gives what is typed. */
    input(text?: string): string
    /** Leaves the line as it stands and goes below it. */
    imprint(): void
    submit(text: string): void
    prompt(question: { type: 'input'; name: 'command'; message: string }, done: (answer: { command: string }) => void): unknown
    _activePrompt?: { rl: { write(text: string): void } }
  }

  export default class Vorpal {
    ui: Ui
    cmdHistory: { _hist: string[]; newCommand(line: string): void }
    _prompt: (data?: unknown) => unknown
    show(): this
    delimiter(text: string): this
    sigint(handler: () => void): this
  }
}
