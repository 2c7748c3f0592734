import type { QuickPickItem } from 'vscode';
import { type Endpoint, findEndpoint, hostOf, originOf } from '../../engines/endpoint/endpoint.ts';
import { EngineError } from '../../engines/error.ts';
import { plain } from '../plain.ts';
import type { Secrets } from '../secrets.ts';
import type { Vscode } from '../vscode.ts';
import { underWay } from './under-way.ts';
import { wordsOf } from './words.ts';

/** Ms until an endpoint must have said which models it has. */
const PATIENCE = 15_000;

export interface EndpointParts {
  readonly vscode: Vscode;
  readonly secrets: Secrets;
}

/** An address that a person may mean. */
export interface Suggestion {
  readonly name: string;
  readonly baseUrl: string;
}

/** Asks for the address of an endpoint; nothing when the person goes away. */
export async function askAddress(
  { l10n, window }: Vscode,
  title: string,
  suggestions: readonly Suggestion[],
): Promise<string | undefined> {
  const items = suggestions.map(
    ({ name, baseUrl }): QuickPickItem & { readonly baseUrl?: string } => ({
      label: name,
      description: baseUrl,
      baseUrl,
    }),
  );
  const other: (typeof items)[number] = { label: l10n.t('Another address…') };
  const chosen = await window.showQuickPick([...items, other], {
    title,
    placeHolder: l10n.t('Where is it?'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (chosen === undefined || chosen.baseUrl !== undefined) return chosen?.baseUrl;
  const typed = await window.showInputBox({
    title,
    prompt: l10n.t('The address of an endpoint with the OpenAI API. It ends with /v1 as a rule.'),
    placeHolder: 'http://localhost:11434/v1',
    ignoreFocusOut: true,
    validateInput: (value) => wrongAddress(l10n, value),
  });
  return typed?.trim().replace(/\/+$/, '');
}

/** What is wrong with an address, for the person who types it. */
export function wrongAddress(l10n: Vscode['l10n'], value: string): string | undefined {
  const text = value.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return l10n.t('An address such as http://localhost:11434/v1');
  }
  // Settings are files: what is secret does not belong in them.
  if (url.username !== '' || url.password !== '') {
    return l10n.t('Leave the key out: it is asked for next.');
  }
  if (url.search !== '' || url.hash !== '') return l10n.t('An address without ? and #');
  return undefined;
}

/**
 * The models of an endpoint, asked for with its key; a key that is missing or refused is asked for, and kept once
 * the endpoint takes it. Nothing when the person goes away; an empty list when it does not tell its models.
 */
export async function connect(
  { vscode, secrets }: EndpointParts,
  baseUrl: string,
  title: string,
): Promise<readonly string[] | undefined> {
  const env = { ...process.env, ...(await secrets.environment()) };
  let endpoint = findEndpoint(baseUrl, env);
  // Only OpenAI itself is known to want a key; others say so when they are asked.
  let way: Way = endpoint.key === undefined && hostOf(endpoint) === 'OpenAI' ? 'key' : 'again';
  for (let entered = false; ; ) {
    if (way === 'key') {
      const key = await askKey(vscode, endpoint, title);
      if (key === undefined) return undefined;
      endpoint = { baseUrl, key };
      entered = true;
    }
    const answer = await listModels(vscode, endpoint);
    if (answer === undefined) return undefined;
    if (Array.isArray(answer)) {
      if (entered && endpoint.key !== undefined) await secrets.keep(baseUrl, endpoint.key);
      return answer;
    }
    const { error } = answer;
    const wantsKey = isRefused(error) && endpoint.key === undefined;
    const next = wantsKey ? 'key' : await afterError(vscode, error);
    if (next === undefined) return undefined;
    if (next === 'as it is') return [];
    way = next;
  }
}

type Way = 'again' | 'key';

function isRefused({ status }: EngineError): boolean {
  return status === 401 || status === 403;
}

/** Says what is wrong; where to go from there. */
async function afterError(
  { l10n, window }: Vscode,
  error: EngineError,
): Promise<Way | 'as it is' | undefined> {
  const again = { title: l10n.t('Try Again'), way: 'again' } as const;
  const key = { title: l10n.t('Enter Key…'), way: 'key' } as const;
  // An endpoint for speech alone may have no list of models.
  const asItIs = { title: l10n.t('Use It Anyway'), way: 'as it is' } as const;
  const choices = isRefused(error) ? [key, again] : [again, asItIs];
  return (await window.showErrorMessage(wordsOf(error), ...choices))?.way;
}

/** A model of those that an endpoint has; typed where it does not tell. `likely` come first. */
export async function askModel(
  { l10n, window }: Vscode,
  title: string,
  models: readonly string[],
  likely: RegExp,
): Promise<string | undefined> {
  const first = models.filter((name) => likely.test(name));
  const rest = models.filter((name) => !likely.test(name));
  if (models.length > 0) {
    const items = [...first.sort(), ...rest.sort()].map((name) => ({ label: plain(name), name }));
    const placeHolder = l10n.t('Which model?');
    const picked = await window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true });
    return picked?.name;
  }
  const typed = await window.showInputBox({
    title,
    prompt: l10n.t('The endpoint does not say which models it has. Which one is to be used?'),
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? l10n.t('A name is needed.') : undefined),
  });
  return typed?.trim();
}

async function askKey(
  { l10n, window }: Vscode,
  endpoint: Endpoint,
  title: string,
): Promise<string | undefined> {
  const address = endpoint.baseUrl ?? '';
  const open = address.startsWith('http:') && !isLoopback(address);
  const host = hostOf(endpoint);
  const key = await window.showInputBox({
    title,
    prompt: open
      ? l10n.t('The key for {0}. It goes over the network unencrypted: the address is http.', host)
      : l10n.t('The key for {0}. It is kept in the secret storage of VS Code.', host),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? l10n.t('A key is needed.') : undefined),
  });
  return key?.trim();
}

function isLoopback(address: string): boolean {
  const host = new URL(originOf(address) ?? 'http://localhost').hostname;
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

/** The models; nothing when the person cancels; or what is wrong. */
async function listModels(
  vscode: Vscode,
  endpoint: Endpoint,
): Promise<string[] | { readonly error: EngineError } | undefined> {
  // It brings the OpenAI package with it.
  const { listModels: list } = await import('../../engines/endpoint/models.ts');
  const title = vscode.l10n.t('Asking {0} for its models', hostOf(endpoint));
  try {
    return (await underWay(vscode, title, (signal) => list(endpoint, PATIENCE, signal)))?.value;
  } catch (error) {
    if (error instanceof EngineError) return { error };
    throw error;
  }
}
