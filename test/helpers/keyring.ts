import fs from 'node:fs'
import type { Home } from './cli.ts'

/**
 * Replaces the keyring addon for the commands of a home with a fake that stores its entries in a file, because tests have no keyring of an
 * operating system. The variable KEYRING_FAILS matches the calls that fail, such as `get login`.
 */
export function useKeyring(home: Home) {
  const file = home.path('keyring.json')
  const addon = home.write(
    'keyring.cjs',
    `const fs = require('fs')
     const { Module } = require('module')
     const load = Module._load
     const read = () => (fs.existsSync('${file}') ? JSON.parse(fs.readFileSync('${file}', 'utf8')) : {})
     const write = (entries) => fs.writeFileSync('${file}', JSON.stringify(entries))
     const check = (call, name) => {
       if (new RegExp(process.env.KEYRING_FAILS || '^$').test(call + ' ' + name)) throw new Error('the fake is locked')
     }
     class AsyncEntry {
       constructor(service, name, options) {
         if (service !== 'ainative-code' || options.linux.store !== 'secret-service') throw new Error('another store')
         this.name = name
       }
       async setPassword(secret) { check('set', this.name); write({ ...read(), [this.name]: secret }) }
       async getPassword() { check('get', this.name); return read()[this.name] ?? null }
       async deletePassword() {
         check('remove', this.name)
         const { [this.name]: old, ...others } = read()
         write(others)
         return old !== undefined
       }
     }
     Module._load = (name, ...rest) => (name === '@napi-rs/keyring' ? { AsyncEntry } : load(name, ...rest))`,
  )
  Object.assign(home.env, { NODE_OPTIONS: `--require ${addon}`, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/none', AINATIVE_NO_KEYRING: '' })
  return { entries: (): Record<string, string> => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {}) }
}
