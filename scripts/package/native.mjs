import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { extract } from 'tar';
import { root } from '../setup.mjs';

/** The packages that the bundles load from outside: esbuild.mjs names the same. */
const EXTERNAL = ['onnxruntime-node', 'node-llama-cpp', '@lydell/node-pty'];

/**
 * The native parts of each platform, as its packages name them. Those that need CUDA or Vulkan are left out: they are
 * as large as all else together.
 *
 * @type {Record<string, { llama: string, onnx: string, pty: string }>}
 */
export const TARGETS = {
  'linux-x64': { llama: 'linux-x64', onnx: 'linux/x64', pty: 'linux-x64' },
  'linux-arm64': { llama: 'linux-arm64', onnx: 'linux/arm64', pty: 'linux-arm64' },
  'darwin-arm64': { llama: 'mac-arm64-metal', onnx: 'darwin/arm64', pty: 'darwin-arm64' },
  'darwin-x64': { llama: 'mac-x64', onnx: 'darwin/x64', pty: 'darwin-x64' },
  'win32-x64': { llama: 'win-x64', onnx: 'win32/x64', pty: 'win32-x64' },
  'win32-arm64': { llama: 'win-arm64', onnx: 'win32/arm64', pty: 'win32-arm64' },
};

/**
 * Puts the external packages below `folder/node_modules`, trimmed to the files that they load and to one platform.
 *
 * @param {string} folder
 * @param {string} target a key of TARGETS
 * @returns {Promise<string[]>} the paths of the packages that are there now, relative to `folder`
 */
export async function copyNative(folder, target) {
  const { llama, onnx, pty } = TARGETS[target];
  const files = await filesLoaded();
  const packages = new Set(files.map(packageOf));
  for (const file of files) {
    copy(file, folder);
    // A folder in a package may say that its modules are of another kind.
    for (let at = dirname(file); !packages.has(at); at = dirname(at)) {
      const manifest = join(at, 'package.json');
      if (existsSync(join(root, manifest))) copy(manifest, folder);
    }
  }
  for (const path of packages) {
    for (const name of readdirSync(join(root, path))) {
      if (name === 'package.json' || /^(licen[cs]e|copying|notice|third)/i.test(name))
        copy(join(path, name), folder);
    }
  }
  // What they load by a path that they make at run time.
  const runtime = `node_modules/onnxruntime-node/bin/napi-v6/${onnx}`;
  if (!existsSync(join(root, runtime))) {
    throw new Error(`onnxruntime-node, which speaks, has no native part for ${target}.`);
  }
  copy(runtime, folder);
  copy('node_modules/@lydell/node-pty', folder);
  for (const file of ['package.json', 'llama.cpp.info.json', 'binariesGithubRelease.json']) {
    copy(`node_modules/node-llama-cpp/llama/${file}`, folder);
  }
  for (const [owner, name] of [
    ['node-llama-cpp', `@node-llama-cpp/${llama}`],
    ['@lydell/node-pty', `@lydell/node-pty-${pty}`],
  ]) {
    await copyPlatformPackage(owner, name, folder);
    packages.add(`node_modules/${name}`);
  }
  return [...packages];
}

/** Every file of node_modules that the external packages import, whether at once or later. */
async function filesLoaded() {
  const { metafile } = await build({
    stdin: {
      contents: EXTERNAL.map((name) => `import ${JSON.stringify(name)};`).join('\n'),
      resolveDir: root,
    },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    outdir: 'unused',
    // Every file counts, also one that is said to have no effect.
    ignoreAnnotations: true,
    treeShaking: false,
    external: ['*.node', '@node-llama-cpp/*', '@lydell/node-pty-*', '@reflink/*'],
    logLevel: 'error',
  });
  return Object.keys(metafile.inputs).filter((file) => file.startsWith('node_modules/'));
}

/** The folder of the package that a file of node_modules belongs to. */
export function packageOf(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? file;
}

/** @param {string} path below the project's root @param {string} folder */
function copy(path, folder) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  cpSync(join(root, path), join(folder, path), { recursive: true, dereference: true });
}

/**
 * A package with binaries of one platform: the one that is installed, or else fetched as npm would for that platform.
 *
 * @param {string} owner the package that names it among its optional dependencies, with its version
 */
async function copyPlatformPackage(owner, name, folder) {
  const path = join('node_modules', name);
  if (existsSync(join(root, path, 'package.json'))) {
    copy(path, folder);
    return;
  }
  const { optionalDependencies } = JSON.parse(
    readFileSync(join(root, 'node_modules', owner, 'package.json'), 'utf8'),
  );
  const wanted = `${name}@${optionalDependencies[name]}`;
  const temporary = mkdtempSync(join(tmpdir(), 'sluice-pack-'));
  try {
    const npm = spawnSync(
      'npm',
      ['pack', wanted, '--pack-destination', temporary, '--loglevel=error'],
      {
        encoding: 'utf8',
        shell: process.platform === 'win32',
      },
    );
    const [file] = readdirSync(temporary);
    if (npm.status !== 0 || file === undefined) {
      throw new Error(`${wanted} cannot be fetched from the registry of npm:\n${npm.stderr}`);
    }
    mkdirSync(join(folder, path), { recursive: true });
    await extract({ file: join(temporary, file), cwd: join(folder, path), strip: 1 });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
