import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { builtFile } from '../runner/start.ts';
import { sessionCookie } from './access.ts';
import { messageText } from './frames.ts';
import { rawAnswer } from './operation.ts';
import { PanelFeed } from './panel-feed.ts';
import { panelHtml } from './panel-html.ts';
import { forPanel, RUNS_SHOWN } from './panel-state.ts';
import { type GivenSecrets, isSame } from './secrets.ts';
import type { Served } from './served.ts';
import { enteringHtml, type SignInReason, signInHtml } from './sign-in.ts';

/** Files of the page, by what the page calls them. None of them holds anything of a workspace. */
const ASSETS: Readonly<Record<string, readonly [path: string, type: string]>> = {
  'panel.js': ['panel.js', 'text/javascript; charset=utf-8'],
  'panel.css': ['../media/panel.css', 'text/css; charset=utf-8'],
  'page.css': ['../media/page.css', 'text/css; charset=utf-8'],
  'codicon.css': ['codicon.css', 'text/css; charset=utf-8'],
  'codicon.ttf': ['codicon.ttf', 'font/ttf'],
  'icon.svg': ['../media/page-icon.svg', 'image/svg+xml'],
};

/** Pages without a script: they load from here, and ask nothing. */
const PLAIN_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface PageOptions {
  readonly token: string | undefined;
  /** Links that open the page, once each. */
  readonly links: GivenSecrets<true>;
  readonly sessions: GivenSecrets<true>;
  /** The browser sees an encrypted connection. */
  readonly secure: boolean;
  /** Whether whoever asks has a token or a session. */
  readonly isKnown: (request: FastifyRequest) => boolean;
}

/** Routes of the page, which is the panel; and how a browser gets in. */
export function registerPage(app: FastifyInstance, served: Served, options: PageOptions): void {
  const { links, sessions, token, secure, isKnown } = options;
  const open = { config: { open: true } };
  const signIn = (request: FastifyRequest, reply: FastifyReply, reason: SignInReason): unknown =>
    sendHtml(reply.code(401), signInHtml(reason, languageOf(request)), PLAIN_POLICY);
  const enter = (request: FastifyRequest, reply: FastifyReply): unknown => {
    const flags = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
    const cookie = sessionCookie(request.socket.localPort);
    reply.header('set-cookie', `${cookie}=${sessions.give(true)}; ${flags}`);
    return sendHtml(reply, enteringHtml(languageOf(request)), PLAIN_POLICY);
  };

  app.get<{ Querystring: { link?: unknown } }>('/', open, async (request, reply) => {
    const { link } = request.query;
    if (!isKnown(request)) {
      if (typeof link !== 'string') return signIn(request, reply, 'first');
      return links.take(link) === true ? enter(request, reply) : signIn(request, reply, 'oldLink');
    }
    // The address of the page is to be one that may be looked at.
    if (link !== undefined) return sendHtml(reply, enteringHtml(languageOf(request)), PLAIN_POLICY);
    const page = pageHtml(served.workspace, languageOf(request));
    return sendHtml(reply, page, "frame-ancestors 'none'");
  });

  app.post('/session', open, async (request, reply) => {
    const given = request.body instanceof URLSearchParams ? request.body.get('token') : null;
    const right = token !== undefined && given !== null && isSame(given.trim(), token);
    return right ? enter(request, reply) : signIn(request, reply, 'wrongToken');
  });

  app.get<{ Params: { name: string } }>('/assets/:name', open, async (request, reply) => {
    const { name } = request.params;
    const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (asset === undefined) return reply.callNotFound();
    const [path, type] = asset;
    return reply
      .headers({ 'content-type': type, 'cache-control': 'no-cache' })
      .send(await readFile(builtFile(path)));
  });

  app.get('/panel/events', (_, reply) => {
    const outlet = served.outlets.open(rawAnswer(reply));
    const feed = new PanelFeed({
      runs: served.runs,
      snapshot: () => ({
        type: 'snapshot',
        runs: served.runs.all.slice(0, RUNS_SHOWN).map(({ state }) => forPanel(state)),
        trusted: true,
        folder: true,
        now: Date.now(),
      }),
      send: (message) => {
        if (!outlet.write(Buffer.from(messageText('sse', message)))) feed.hide();
      },
    });
    // One that was left behind gets everything anew.
    outlet.onRoom(() => feed.show());
    outlet.onClose(() => feed.dispose());
    feed.show();
  });
}

function pageHtml(workspace: string, language: string): string {
  return panelHtml({
    // A proxy may put all of it under a path of its own.
    script: 'assets/panel.js',
    icons: 'assets/codicon.css',
    styles: ['assets/panel.css', 'assets/page.css'],
    sources: ["'self'"],
    asks: "'self'",
    language,
    title: `${basename(workspace)} – Sluice`,
    icon: 'assets/icon.svg',
  });
}

/** The first language of the person's that the panel speaks. */
function languageOf({ headers }: FastifyRequest): string {
  const tags = (headers['accept-language'] ?? '').toLowerCase().split(',');
  return (
    tags.map((tag) => tag.trim().slice(0, 2)).find((tag) => tag === 'fr' || tag === 'en') ?? 'en'
  );
}

function sendHtml(reply: FastifyReply, html: string, policy: string): FastifyReply {
  return reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy,
    })
    .send(html);
}
