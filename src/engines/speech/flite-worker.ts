/** What the thread is given: flite, compiled, and the folder for its sound files. */
export interface FliteWorkerData {
  readonly module: WebAssembly.Module;
  readonly folder: string;
}

export interface FliteRequest {
  readonly args: readonly string[];
}

/** The WAV file, or what went wrong. */
export interface FliteAnswer {
  readonly wav?: Uint8Array;
  readonly problem?: string;
}

/**
 * Runs in a worker thread, where it is brought as its own source text: a bundle has no second file
 * to load. So it may use nothing from outside itself. Each request is a whole run of the program.
 */
export function fliteWorker(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { WASI } = process.getBuiltinModule('node:wasi');
  const { readFileSync, rmSync } = process.getBuiltinModule('node:fs');
  const { join } = process.getBuiltinModule('node:path');
  const { module, folder } = workerData;
  parentPort?.on('message', async ({ args }: { args: string[] }) => {
    try {
      const wasi = new WASI({
        version: 'preview1',
        args: ['flite', ...args, '-o', '/out/speech.wav'],
        preopens: { '/out': folder },
        // What flite prints is for people, and standard output is not.
        stdout: 2,
        returnOnExit: true,
      });
      const instance = await WebAssembly.instantiate(module, {
        wasi_snapshot_preview1: wasi.wasiImport,
      });
      const code = wasi.start(instance);
      if (code !== 0) throw new Error(`flite ended with exit code ${code}`);
      const path = join(folder, 'speech.wav');
      const wav = new Uint8Array(readFileSync(path));
      rmSync(path);
      parentPort.postMessage({ wav }, [wav.buffer]);
    } catch (error) {
      parentPort.postMessage({ problem: String(error) });
    }
  });
}
