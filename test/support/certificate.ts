import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A certificate for a name and this machine's own address, good for a day; paths of it and its key. */
export function makeCertificate(folder: string, name: string): { cert: string; key: string } {
  const cert = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  const names = `subjectAltName=DNS:${name},IP:127.0.0.1`;
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const args = ['req', '-x509', ...curve, '-days', '1', '-subj', `/CN=${name}`, '-addext', names];
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}
