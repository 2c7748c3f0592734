import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileOf } from '../../support/scene.ts';

test.each([
  ['amiga', 'There is no platform amiga: linux-x64, linux-arm64'],
  ['darwin-x64', 'onnxruntime-node, which speaks, has no native part for darwin-x64.'],
])('no VSIX is made for %s, which is said', (target, said) => {
  const vsix = join(tmpdir(), `sluice-${process.pid}-${target}.vsix`);
  const { status, stderr } = spawnSync(
    process.execPath,
    [fileOf('scripts/package/main.mjs'), `--target=${target}`, `--out=${vsix}`],
    { encoding: 'utf8' },
  );
  expect(status).toBe(1);
  expect(stderr).toContain(said);
  expect(existsSync(vsix)).toBe(false);
});
