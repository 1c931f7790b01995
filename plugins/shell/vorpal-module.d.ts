/** The part of vorpal 1.12 that the shell uses; the package has no types. */
declare module 'vorpal' {
  interface Inquirer {
    /** The readline that prompts inherit from the prototype. */
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
    use(extension: unknown, options?: unknown): this
    /** The command with a name. */
    find(name: string): { remove(): unknown } | undefined
    exec(line: string): Promise<unknown>
    show(): this
    delimiter(text: string): this
  }
}
