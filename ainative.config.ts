import type { Config } from 'ainative-code'
import auth from './plugins/auth/index.ts'
import chat from './plugins/chat/index.ts'
import completion from './plugins/completion/index.ts'
import config from './plugins/config/index.ts'
import doctor from './plugins/doctor/index.ts'
import formats from './plugins/formats/index.ts'
import help from './plugins/help/index.ts'
import keyring from './plugins/keyring/index.ts'
import models from './plugins/models/index.ts'
import picker from './plugins/picker/index.ts'
import plugins from './plugins/plugins/index.ts'
import providers from './plugins/providers/index.ts'
import query from './plugins/query/index.ts'
import scripts from './plugins/scripts/index.ts'
import search from './plugins/search/index.ts'
import sessions from './plugins/sessions/index.ts'
import share from './plugins/share/index.ts'
import shell from './plugins/shell/index.ts'
import sqlite from './plugins/sqlite/index.ts'
import stats from './plugins/stats/index.ts'
import trust from './plugins/trust/index.ts'
import zerodb from './plugins/zerodb/index.ts'

export default {
  plugins: [
    sqlite,
    formats,
    sessions,
    search,
    keyring,
    stats,
    shell,
    picker,
    doctor,
    models,
    chat,
    ...providers,
    auth,
    zerodb,
    share,
    query,
    scripts,
    config,
    plugins,
    trust,
    completion,
    help,
  ],
} satisfies Config
