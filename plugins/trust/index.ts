import { definePlugin } from 'ainative-code'
import * as commands from './command-index.ts'

/** Adds `trust` and `untrust`, which select the projects whose configs may run code and override settings. */
export default definePlugin({
  name: 'trust',
  apply({ hooks }) {
    hooks.commands.tap('trust', ({ add }) => {
      for (const command of Object.values(commands)) add(command)
    })
  },
})
