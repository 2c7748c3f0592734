import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBatch } from '../../../../src/batch/parse.ts';
import { writeTemplate } from '../../../../src/vscode/wizards/new-batch.ts';
import { programsOf, templates } from '../../../../src/vscode/wizards/templates.ts';
import { FakeVscode } from '../../../support/fake-vscode.ts';
import { makeWorkspace, sluice } from '../../../support/sluice.ts';

const { module } = new FakeVscode();
const NAME = 'Über: "my" batch';
const SLUG = 'uber-my-batch';
/** These write by a text model. */
const WITH_A_MODEL = ['write-and-speak', 'texts-from-table'];

describe.each(['linux', 'win32'] as const)('on %s', (platform) => {
  test.each(templates(module, programsOf(platform)))('$id has no problem', async (template) => {
    const folder = makeWorkspace({});
    const { path, edit } = await writeTemplate(template, NAME, folder);
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain('\0');
    const { batch, problems } = parseBatch(text, path);
    expect(problems).toEqual([]);
    expect(batch?.name).toBe(NAME);
    // What is selected is a value, and not a part of one.
    expect(text.slice(edit.start, edit.end)).not.toBe('');
    expect(text[edit.start - 1]).toMatch(/[ ["]/);
    expect(text[edit.end] ?? '').toMatch(/[\n \]"]/);
    await expect(writeTemplate(template, NAME, folder)).rejects.toThrow('EEXIST');
  });
});

test.each(templates(module).filter(({ id }) => !WITH_A_MODEL.includes(id)))(
  '$id runs as it is written',
  async (template) => {
    const folder = makeWorkspace({
      // What the template asks of ffmpeg: the input's path after -i, the result's last.
      'bin/ffmpeg':
        '#!/bin/sh\nset -e\nwhile [ $# -gt 1 ]; do [ "$1" = -i ] && in=$2; shift; done\ncp "$in" "$1"\n',
    });
    chmodSync(join(folder, 'bin/ffmpeg'), 0o755);
    const path = [join(folder, 'bin'), process.env['PATH']].join(delimiter);
    await writeTemplate(template, NAME, folder);
    const outcome = await sluice(folder, ['run', '--json', `${SLUG}.batch.yaml`], { PATH: path });
    expect(outcome.err).toBe('');
    expect(outcome.code).toBe(0);
    const made = outcome.events.filter(({ type }) => type === 'end').length;
    expect(made).toBeGreaterThan(0);
    if (template.id === 'minimal') return;
    expect(readdirSync(join(folder, 'out', SLUG))).toHaveLength(made);
  },
);

test('the Python step is the one of the documentation', () => {
  const [template] = templates(module).filter(({ id }) => id === 'python');
  const script = String(template?.files?.('x')['x.py']);
  const example = readFileSync('examples/any-program/shout.py', 'utf8');
  expect(script.slice(script.indexOf('import'))).toBe(example.slice(example.indexOf('import')));
});
