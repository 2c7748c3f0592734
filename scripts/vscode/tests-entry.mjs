import { Console } from 'node:console';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/**
 * What the extension host runs instead of the tests: it runs them, with all that they print sent to the terminal. The
 * window's own console shows the same lines among the workbench's, and only whole ones.
 */
export async function run() {
  const {
    SLUICE_DEV_OUTPUT: output = '',
    SLUICE_DEV_TESTS: tests = '',
    SLUICE_DEV_STATUS: status = '',
  } = process.env;
  const socket = connect(output);
  await once(socket, 'connect');
  // The host has locked its own streams and console, which pass on whole lines alone: others take their place.
  for (const name of ['stdout', 'stderr']) {
    const stream = new Writable({
      // At once, waiting for nothing: so that all has reached the socket when the socket is ended.
      write(bytes, encoding, done) {
        socket.write(bytes, encoding);
        done();
      },
    });
    Object.defineProperty(process, name, { value: stream, configurable: true });
  }
  globalThis.console = new Console(process.stdout, process.stderr);
  syncBuiltinESMExports();
  let failed = true;
  try {
    // As the desktop VS Code finds it: a file, a file without its extension, or a folder with an index.
    const file = createRequire(import.meta.url).resolve(tests);
    const loaded = await import(pathToFileURL(file).href);
    const runTests = loaded.run ?? loaded.default?.run;
    if (typeof runTests !== 'function') throw new Error(`${file} exports no run()`);
    await runTests();
    failed = false;
  } catch (error) {
    console.error(error);
    throw error;
  } finally {
    await new Promise((done) => socket.end(() => done(undefined)));
    // The window reports an extension host that was killed as a success: this tells the two apart.
    writeFileSync(status, failed ? '1' : '0');
  }
}
