import * as z from 'zod'

// zod would compile each validator. That takes longer than the few validations of one command line.
z.config({ jitless: true })
