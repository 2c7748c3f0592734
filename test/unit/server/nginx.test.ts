import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { chromium } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../support/certificate.ts';
import { needsPackages } from '../../support/debian.ts';
import { eventually } from '../../support/eventually.ts';
import { findProgram } from '../../support/find-program.ts';
import { type ServedFolder, serveFolder } from '../../support/serve.ts';
import { makeWorkspace } from '../../support/sluice.ts';

needsPackages('nginx-light', 'openssl', 'curl');

const NAME = 'sluice.example.org';
const CONFIGURATION = readFileSync(join(import.meta.dirname, '../../../docs/nginx.conf'), 'utf8');

/** Says a line, and waits for a file before the next one. */
const STEPS = {
  'steps.py':
    "import os, time\nfor n in range(3):\n    print('line', n, flush=True)\n    while not os.path.exists(f'go-{n}'): time.sleep(0.02)\n",
  'steps.batch.yaml': 'inputs: [a]\nsteps:\n  - run: [python3, steps.py]\n',
};

interface Proxied {
  readonly server: ServedFolder;
  readonly origin: string;
  readonly cert: string;
  /** Lines of a stream as curl prints them, read over HTTP/2 through nginx. */
  watch(path: string): { lines: string[]; ended: Promise<unknown> };
}

/** Sluice behind the real nginx, with the configuration of the documentation; what a test changes is said. */
async function proxied({
  readTimeout,
  keepAlive,
}: {
  readTimeout: string;
  keepAlive: string;
}): Promise<Proxied> {
  const folder = makeWorkspace({});
  const { cert, key } = makeCertificate(folder, NAME);
  const port = await freePort();
  const origin = `https://${NAME}:${port}`;
  const server = await serveFolder(STEPS, ['--behind-proxy', origin, '--keep-alive', keepAlive]);
  const own: readonly (readonly [string, string])[] = [
    ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
    [`/etc/ssl/certs/${NAME}.pem`, cert],
    [`/etc/ssl/private/${NAME}.key`, key],
    ['http://127.0.0.1:7717', `http://127.0.0.1:${server.port}`],
    ['proxy_read_timeout 60s', `proxy_read_timeout ${readTimeout}`],
  ];
  const block = own.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, CONFIGURATION);
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  await writeFile(
    join(folder, 'nginx.conf'),
    `${user}daemon off;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${paths.join('\n')}\n${block}\n}\n`,
  );
  const nginx = spawn('/usr/sbin/nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: 'inherit',
  });
  onTestFinished(async () => {
    nginx.kill();
    await once(nginx, 'close');
  });
  await eventually(() => answers(port)).toBe(true);
  return {
    server,
    origin,
    cert,
    watch(path) {
      const lines: string[] = [];
      const auth = ['-H', `Authorization: Bearer ${server.token}`];
      const resolve = ['--resolve', `${NAME}:${port}:127.0.0.1`, '--cacert', cert];
      const child = execa('curl', ['-sSN', '--http2', ...resolve, ...auth, `${origin}${path}`], {
        reject: false,
      });
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line !== '') lines.push(line);
      });
      onTestFinished(() => void child.kill());
      return { lines, ended: child };
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

test('events pass at once, and a stream that is silent for longer than nginx waits lives on', async () => {
  const { server, watch } = await proxied({ readTimeout: '4s', keepAlive: '1' });
  const id = await server.run('steps.batch.yaml');
  const { lines, ended } = watch(`/runs/${id}/events?after=0`);
  const has = (text: string): boolean => lines.some((line) => line.includes(text));
  for (const step of [0, 1, 2]) {
    // The program waits: nothing that comes later pushes the line through.
    await eventually(() => has(`"line ${step}"`)).toBe(true);
    // Longer than nginx waits for a word.
    const keptAlive = lines.filter((line) => line === ':').length;
    await eventually(() => lines.filter((line) => line === ':').length).toBeGreaterThan(
      keptAlive + 4,
    );
    await writeFile(join(server.folder, `go-${step}`), '');
  }
  await ended;
  expect(has('"type":"finish"')).toBe(true);
});

test('without a word in time nginx ends the stream: it is the keep-alive that keeps it', async () => {
  const { server, watch } = await proxied({ readTimeout: '1s', keepAlive: '100' });
  const id = await server.run('steps.batch.yaml');
  const { lines, ended } = watch(`/runs/${id}/events?after=0`);
  await ended;
  expect(lines.some((line) => line.includes('finish'))).toBe(false);
  expect((await server.state(id)).state).toBe('running');
});

test('the page works through nginx, by its public name alone', async () => {
  const { server, origin } = await proxied({ readTimeout: '60s', keepAlive: '15' });
  expect(server.link.startsWith(`${origin}/?link=`)).toBe(true);
  const browser = await chromium.launch({
    executablePath: await findProgram('chromium', 'chromium-browser', 'google-chrome'),
    args: [
      '--no-sandbox',
      `--host-resolver-rules=MAP ${NAME} 127.0.0.1, MAP other.example 127.0.0.1`,
    ],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  await page.goto(server.link);
  await page.selectOption('#batch', 'steps.batch.yaml');
  await page.locator('.batches vscode-button').click();
  await page.locator('sluice-item[data-state=running]').getByText('line 0').waitFor();
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', secure: true });
  const foreign = await page.goto(origin.replace(NAME, 'other.example'));
  expect(foreign?.status()).toBe(421);
});
