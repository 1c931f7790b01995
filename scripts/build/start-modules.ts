// The modules of a start. The build bundles them into one file, because each further file takes a third of a millisecond to open.
import '../../core/output/io.ts'
import '../../core/loading/load-host.ts'
import '../../core/command/report.ts'
import '../../core/command/execute.ts'
import '../../core/main.ts'
import '../../core/index.ts'
