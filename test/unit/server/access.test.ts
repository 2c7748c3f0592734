import { expect, test } from 'vitest';
import {
  type AccessRules,
  type AskedFor,
  denialOf,
  sessionCookie,
} from '../../../src/server/access.ts';
import { GivenSecrets, isSame, newSecret } from '../../../src/server/secrets.ts';

const TOKEN = newSecret();
const sessions = new GivenSecrets<true>();
const session = sessions.give(true);
const rules: AccessRules = {
  token: TOKEN,
  sessions,
  hosts: new Set(['localhost', '127.0.0.1', '[::1]', 'box.example']),
  origins: new Set(['http://localhost:3000']),
  proxied: new Set(),
};
const bearer = { authorization: `Bearer ${TOKEN}` };

function status(headers: AskedFor['headers'], more: Partial<AskedFor> = {}): number {
  const asked = {
    method: 'GET',
    headers: { host: 'localhost:7717', ...headers },
    port: 7717,
    encrypted: false,
    open: false,
    ticket: false,
    ...more,
  };
  return denialOf(asked, rules)?.status ?? 200;
}

test('the token lets in, and nothing else that looks like one', () => {
  expect(status(bearer)).toBe(200);
  expect(status({ authorization: `bearer ${TOKEN}` })).toBe(200);
  expect(status({})).toBe(401);
  expect(status({ authorization: TOKEN })).toBe(401);
  expect(status({ authorization: 'Bearer ' })).toBe(401);
  expect(status({ authorization: `Bearer ${TOKEN}x` })).toBe(401);
  expect(status({ authorization: `Bearer ${TOKEN.slice(1)}` })).toBe(401);
  expect(isSame('', TOKEN)).toBe(false);
  // A wrong token is not made good by a session.
  expect(status({ authorization: 'Bearer x', cookie: `sluice-7717=${session}` })).toBe(401);
});

test('a session is a cookie of this port', () => {
  expect(sessionCookie(7717)).toBe('sluice-7717');
  expect(status({ cookie: `a=b; sluice-7717=${session}` })).toBe(200);
  expect(status({ cookie: `sluice-7718=${session}` })).toBe(401);
  expect(status({ cookie: `sluice-7717=${session}x` })).toBe(401);
  expect(status({ cookie: 'sluice-7717' })).toBe(401);
});

test('a name that was given to this machine by somebody else is not answered', () => {
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '', ':7717']) {
    expect(status({ ...bearer, host }), host).toBe(421);
  }
  for (const host of ['LOCALHOST:1', '[::1]:7717', '127.0.0.1', 'box.example']) {
    expect(status({ ...bearer, host }), host).toBe(200);
  }
  expect(denialOf({ ...asked, headers: {} }, rules)?.status).toBe(421);
  // HTTP/2 has the name elsewhere.
  expect(
    denialOf({ ...asked, headers: { ':authority': 'localhost:7717', ...bearer } }, rules),
  ).toBeUndefined();
});

const asked: AskedFor = {
  method: 'GET',
  headers: {},
  port: 7717,
  encrypted: false,
  open: false,
  ticket: false,
};

test('pages of other origins are refused, also of other ports of this machine', () => {
  for (const origin of [
    'http://evil.example',
    'null',
    'http://localhost:8080',
    'https://localhost:7717',
  ]) {
    expect(status({ ...bearer, origin }, { method: 'POST' }), origin).toBe(403);
  }
  for (const site of ['cross-site', 'same-site']) {
    expect(status({ cookie: `sluice-7717=${session}`, 'sec-fetch-site': site }), site).toBe(403);
  }
  expect(
    status({ ...bearer, origin: 'http://localhost:7717', 'sec-fetch-site': 'same-origin' }),
  ).toBe(200);
  expect(status({ ...bearer, 'sec-fetch-site': 'none' })).toBe(200);
  // One that was let in needs the token like anybody.
  expect(
    status({ origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site', ...bearer }),
  ).toBe(200);
  expect(status({ origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' })).toBe(401);
});

test('a link on any page leads to the page, and to nothing of a workspace', () => {
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect(status(link, { open: true })).toBe(200);
  expect(status({ ...link, cookie: `sluice-7717=${session}` })).toBe(403);
  expect(status(link, { open: true, method: 'POST' })).toBe(403);
  expect(
    status({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, { open: true }),
  ).toBe(403);
  // A sound with a ticket is played by any page that was given it.
  expect(status({ 'sec-fetch-site': 'cross-site' }, { ticket: true })).toBe(200);
});

test('behind a proxy the browser sees another scheme and host', () => {
  const proxied: AccessRules = { ...rules, proxied: new Set(['https://box.example']) };
  const headers = { host: 'box.example', origin: 'https://box.example', ...bearer };
  expect(denialOf({ ...asked, headers }, proxied)).toBeUndefined();
  expect(denialOf({ ...asked, headers }, rules)?.status).toBe(403);
});

test('a secret that was taken, or is too old, is worth nothing', async () => {
  const links = new GivenSecrets<string>(30);
  const link = links.give('page');
  expect(links.find('other')).toBeUndefined();
  expect(links.take(link)).toBe('page');
  expect(links.take(link)).toBeUndefined();
  const old = links.give('page');
  await expect.poll(() => links.find(old)).toBeUndefined();
});

test('so many secrets are kept at most', () => {
  const many = new GivenSecrets<number>();
  const given = Array.from({ length: 150 }, (_, index) => many.give(index));
  expect(many.find(given[0] ?? '')).toBeUndefined();
  expect(many.find(given[149] ?? '')).toBe(149);
});
