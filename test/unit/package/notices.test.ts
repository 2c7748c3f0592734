import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bundledParts,
  licenceProblems,
  notices,
  type Part,
} from '../../../scripts/package/notices.mjs';
import { fileOf } from '../../support/scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-notices-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let metafile: Metafile;
let parts: Part[];
beforeAll(() => {
  const meta = join(folder, 'meta.json');
  execFileSync(
    process.execPath,
    ['esbuild.mjs', '--production', `--outdir=${join(folder, 'dist')}`, `--meta=${meta}`],
    { cwd: fileOf() },
  );
  metafile = JSON.parse(readFileSync(meta, 'utf8')) as Metafile;
  parts = bundledParts(metafile);
});

describe('what is bundled', () => {
  test('is under licences that allow it, the LGPL in files of its own', () => {
    expect(parts.length).toBeGreaterThan(100);
    expect(licenceProblems(parts, metafile)).toEqual([]);
    const replaceable = parts.filter(({ inside }) => inside.some((one) => /GPL/.test(one.license)));
    expect(replaceable.map(({ name }) => name)).toEqual(['@audio/decode-mp3', '@audio/encode-mp3']);
  });

  test('is named in the notices, with its licence', () => {
    const text = notices(parts);
    for (const { name, version, license } of parts)
      expect(text).toContain(`${name} ${version} (${license})`);
    expect(text).toContain('It contains LAME, under LGPL-2.1: https://lame.sourceforge.io');
    expect(text).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
  });
});

describe('what may not be bundled is refused', () => {
  const part = (license: string, more: Partial<Part> = {}): Part => ({
    path: 'node_modules/strange',
    name: 'strange',
    version: '1.0.0',
    license,
    inside: [],
    files: [],
    text: '',
    ...more,
  });

  test.each(['GPL-3.0', 'GPL-2.0-or-later', 'AGPL-3.0', 'MIT AND GPL-2.0', 'UNLICENSED'])(
    '%s',
    (license) => {
      expect(licenceProblems([part(license)], metafile)).toEqual([
        `strange@1.0.0 is under ${license}.`,
      ]);
    },
  );

  test('a library under the GPL inside a package under the MIT licence', () => {
    const inside = [{ name: 'x264', license: 'GPL-2.0', source: '' }];
    expect(licenceProblems([part('MIT', { inside })], metafile)).toEqual([
      'strange@1.0.0 is under GPL-2.0.',
    ]);
  });

  test('the LGPL among other code', () => {
    const files = Object.keys(metafile.outputs).filter((name) => name.endsWith('/speak.js'));
    expect(licenceProblems([part('LGPL-2.1', { files })], metafile)).toEqual([
      expect.stringMatching(/^strange, under the LGPL, is bundled with others in .*speak\.js\.$/),
    ]);
  });
});
