import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type npmFetch from 'npm-registry-fetch';

type Raw = Record<string, string | string[]>;

/** What npm's own library takes for a request; `replaceRegistryHost` is npm's setting of that name. */
export type NpmOptions = npmFetch.Options & { readonly replaceRegistryHost?: string };

/**
 * The user's npm settings as options for npm-registry-fetch: registry, scoped registries,
 * credentials, proxy, certificates, cache, offline. Read as npm does: `npm_config_*` of the
 * environment before the user's `.npmrc` before the global one. A project's `.npmrc` is left out:
 * the store is the user's, and no workspace decides where it fetches from.
 */
export function npmOptions(env: NodeJS.ProcessEnv = process.env): NpmOptions {
  const fromEnv = readEnv(env);
  const userFile = text(fromEnv['userconfig']) ?? join(homedir(), '.npmrc');
  const user = readNpmrc(userFile, env);
  const prefix = text(fromEnv['prefix']) ?? text(user['prefix']);
  const globalFile = text(fromEnv['globalconfig']) ?? text(user['globalconfig']);
  const raw = { ...readNpmrc(globalFile ?? findGlobal(env, prefix), env), ...user, ...fromEnv };
  return toOptions(raw);
}

function toOptions(raw: Raw): NpmOptions {
  const scoped = Object.entries(raw).filter(([key]) => key.startsWith('//') || key.startsWith('@'));
  const cache = text(raw['cache']) ?? defaultCache();
  const cafile = text(raw['cafile']);
  const ca = cafile ? certificates(cafile) : raw['ca'];
  const options = {
    registry: text(raw['registry']),
    proxy: text(raw['proxy']),
    httpsProxy: text(raw['https-proxy']),
    noProxy: raw['noproxy'] ?? raw['no-proxy'],
    ca: typeof ca === 'string' ? ca.replaceAll('\\n', '\n') : ca,
    cert: text(raw['cert'])?.replaceAll('\\n', '\n'),
    key: text(raw['key'])?.replaceAll('\\n', '\n'),
    localAddress: text(raw['local-address']),
    replaceRegistryHost: text(raw['replace-registry-host']),
    strictSSL: raw['strict-ssl'] !== 'false',
    offline: raw['offline'] === 'true',
    preferOffline: raw['prefer-offline'] === 'true',
    preferOnline: raw['prefer-online'] === 'true',
    cache: join(cache, '_cacache'),
  };
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...scoped, ...set]);
}

function readEnv(env: NodeJS.ProcessEnv): Raw {
  const raw: Raw = {};
  for (const [name, value] of Object.entries(env)) {
    if (!/^npm_config_/i.test(name) || !value) continue;
    const key = name.slice('npm_config_'.length);
    raw[key.startsWith('//') ? key : key.replace(/(?!^)_/g, '-').toLowerCase()] = value;
  }
  return raw;
}

/** Settings of an `.npmrc`: `key = value` and `key[] = value`; `${NAME}` is the environment's. */
function readNpmrc(file: string | undefined, env: NodeJS.ProcessEnv): Raw {
  const raw: Raw = {};
  if (!file || !existsSync(file)) return raw;
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const found = /^\s*([^;#=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    const key = found?.[1];
    if (!key) continue;
    const value = unquote(found[2] ?? '').replace(
      /(?<!\\)\$\{([^${}?]+)(\?)?\}/g,
      (whole, name: string, optional?: string) => env[name] ?? (optional ? '' : whole),
    );
    if (!key.endsWith('[]')) raw[key] = value;
    else raw[key.slice(0, -2)] = [...[raw[key.slice(0, -2)] ?? []].flat(), value];
  }
  return raw;
}

function unquote(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'null' ? value : undefined;
}

// npm's global file lies beside the npm program, which is not always beside this Node.
function findGlobal(env: NodeJS.ProcessEnv, prefix: string | undefined): string | undefined {
  const windows = process.platform === 'win32';
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(Boolean);
  const beside = folders.find((folder) => existsSync(join(folder, windows ? 'npm.cmd' : 'npm')));
  const up = (folder: string) => (windows ? folder : dirname(folder));
  const prefixes = [
    prefix,
    windows && env['APPDATA'] ? join(env['APPDATA'], 'npm') : undefined,
    beside ? up(beside) : undefined,
    up(dirname(process.execPath)),
  ];
  return prefixes
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, 'etc', 'npmrc'))
    .find((file) => existsSync(file));
}

function defaultCache(): string {
  const local = process.env['LOCALAPPDATA'];
  if (process.platform === 'win32' && local) return join(local, 'npm-cache');
  return join(homedir(), '.npm');
}

function certificates(file: string): string[] | undefined {
  if (!existsSync(file)) return undefined;
  const found = readFileSync(file, 'utf8').match(/-----BEGIN [\s\S]*?-----END [^\n]*/g);
  return found ? [...found] : undefined;
}
