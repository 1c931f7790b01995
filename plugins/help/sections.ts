/**
 * The sections of the overview: their headings and commands. A name also includes the commands that start with it, as `config` does `config
 * get`.
 */
export const SECTIONS: [title: string, names: string[]][] = [
  ['Chat', ['chat', 'template', 'models', 'provider']],
  [
    'Find and read',
    [
      'session list',
      'session search',
      'session pick',
      'session show',
      'session copy',
      'session outline',
      'session diff',
      'session stats',
      'query',
    ],
  ],
  [
    'Create and organize',
    [
      ...[
        'session create',
        'session use',
        'session fork',
        'session rename',
        'session edit',
        'session tag',
        'session untag',
        'session tags',
      ],
      ...['session meta', 'session pin', 'session unpin', 'session archive', 'session unarchive', 'session hide', 'session unhide'],
    ],
  ],
  ['Delete and restore', ['session delete', 'trash', 'session restore', 'session purge']],
  ['Export, import, back up', ['session export', 'session import', 'session backup', 'session restore-backup', 'doctor']],
  ['Sync and share', ['zerodb', 'session sync', 'session share', 'session unshare', 'session shares', 'session clone']],
  ['Shell and scripts', ['shell', 'run', 'history', 'completion', 'help']],
  ['Settings and plugins', ['auth', 'config', 'plugin', 'trust', 'untrust']],
]
