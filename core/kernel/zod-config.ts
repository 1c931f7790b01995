import * as z from 'zod'

// Otherwise zod compiles each validator, which takes longer than the few validations of one command line.
z.config({ jitless: true })
