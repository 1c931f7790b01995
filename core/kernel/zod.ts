// The entry `ainative-code/zod` of the package. Plugins without a node_modules folder get it as `z`.
import './zod-config.ts'

export * from 'zod'
