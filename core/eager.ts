import './zod-config.ts'
// What every start loads: the build keeps it in one file, since each further file takes a third of a millisecond to open.
import '../ainative.config.ts'
import './front.ts'
import './index.ts'
import './main.ts'
