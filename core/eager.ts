// What every start loads: the build keeps it in one file, since each further file takes a third of a millisecond to open.
import './io.ts'
import './load.ts'
import './report.ts'
import './run.ts'
import './main.ts'
import './index.ts'
