import * as z from 'zod'

// Compiling a validator takes longer than one command line needs it.
z.config({ jitless: true })
