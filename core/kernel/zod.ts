// The package's entry `ainative-code/zod`, which plugins without a node_modules of their own get as `z`.
import './zod-config.ts'

export * from 'zod'
