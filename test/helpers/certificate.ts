import { execFileSync } from 'node:child_process'
import type { Home } from './cli.ts'

/** The files of a certificate and its key. */
export interface CertificateFiles {
  cert: string
  key: string
}

/**
 * Creates a certificate for 127.0.0.1 and for 0.0.0.0 in the files of a home. Both lead to loopback, but the program treats 0.0.0.0 as a remote
 * host.
 */
export function createCertificate(home: Home): CertificateFiles {
  const files = { cert: home.path('cert'), key: home.path('key') }
  const names = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:0.0.0.0,IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', ...kind, ...names, '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' })
  return files
}
