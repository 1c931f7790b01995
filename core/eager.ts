// What every start loads: the build keeps it in one file, since each further file takes a third of a millisecond to open.
import './output/io.ts'
import './loading/load.ts'
import './command/report.ts'
import './command/run.ts'
import './main.ts'
import './index.ts'
