import { providerCases, runCases } from 'ainative-code/testing'

/** Runs the contract suite on a provider of the run. */
export default {
  name: 'suite',
  apply({ hooks, z }) {
    hooks.commands.tap('suite', ({ add }) =>
      add({
        name: 'suite',
        summary: 'Run the contract suite of a provider',
        args: ['name'],
        input: z.object({ name: z.string() }),
        run: ({ name }, { host }) => runCases(providerCases(host.providers().get(name), { model: 'm' })),
        print: (text) => text,
      }),
    )
  },
}
