/** The part of vorpal 1.12 that the shell uses; it comes without types. */
declare module 'vorpal' {
  interface Inquirer {
    /** A prompt's own readline; the prototype's is used where there is one. */
    ui: { Prompt: { prototype: { rl?: object } } }
    registerPrompt<A>(type: string, prompt: (question: { message: string }) => { run(done: (answer: A) => void): void }): void
  }

  interface Ui {
    inquirer: Inquirer
    midPrompt(): boolean
    prompt<A>(question: { type: string; name: 'command'; message: string }, done: (answer: { command: A }) => void): unknown
  }

  export default class Vorpal {
    ui: Ui
    _prompt: (data?: unknown) => unknown
    show(): this
    delimiter(text: string): this
  }
}
