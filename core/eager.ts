// What every start loads: the build keeps it in one file, since each further file takes a third of a millisecond to open.
import './zod-config.ts'
import './io.ts'
import './load.ts'
import './run.ts'
import './index.ts'
