import { X509Certificate } from 'node:crypto';
import { LOOPBACK } from './access.ts';

/** Where a server listens, and what its certificate says. */
interface Place {
  readonly host: string;
  readonly tls?: { readonly cert: string } | undefined;
}

/** What stands for all addresses of the machine, and is the name of none. */
const EVERY: readonly string[] = ['0.0.0.0', '::'];

/** The names that the server answers to. */
export function hostsOf({ host, tls }: Place): Set<string> {
  const names = new Set(LOOPBACK);
  if (!EVERY.includes(host)) names.add(host.includes(':') ? `[${host}]` : host.toLowerCase());
  for (const name of tls === undefined ? [] : certified(tls.cert)) names.add(name.toLowerCase());
  return names;
}

/** The names and addresses that a certificate is for. */
function certified(pem: string): string[] {
  const names = new X509Certificate(pem).subjectAltName ?? '';
  return [...names.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, name = '']) =>
    name.includes(':') ? `[${name}]` : name,
  );
}

/** The origin that browsers of this machine see. */
export function ownOrigin({ host, tls }: Place, port: number): string {
  const named =
    tls === undefined ? undefined : certified(tls.cert).find((name) => !name.includes('*'));
  const name =
    named ?? (EVERY.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host);
  return `${tls === undefined ? 'http' : 'https'}://${name}:${port}`;
}
