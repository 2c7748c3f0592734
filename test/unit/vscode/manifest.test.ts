import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/vscode/command-ids.ts';
import { settingsEnvironment } from '../../../src/vscode/settings.ts';
import type { Vscode } from '../../../src/vscode/vscode.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

interface Setting {
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly default?: unknown;
  readonly order?: number;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly icon?: string;
      readonly enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly configuration: readonly {
      readonly title: string;
      readonly order: number;
      readonly properties: Readonly<Record<string, Setting>>;
    }[];
    /** Their names are what tasks.json calls them. */
    readonly problemMatchers: unknown;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

const text = read('package.json');
const manifest = JSON.parse(text) as Manifest;
const { commands, menus, submenus, configuration, views } = manifest.contributes;
const english = JSON.parse(read('package.nls.json')) as Record<string, string>;
const code = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('panel'))
  .map((name) => read('src', name))
  .join('\n');
/** Settings that are handed to runs; their names are put together. */
const settingsOfRuns = new Set<string>();
settingsEnvironment({
  workspace: {
    getConfiguration: () => ({
      get: (key: string, otherwise: unknown) => {
        settingsOfRuns.add(key);
        return otherwise;
      },
    }),
  },
} as unknown as Vscode);
const settings = configuration.flatMap(({ properties }) => Object.entries(properties));

describe('commands', () => {
  test('are those that are registered, and no others', () => {
    expect(commands.map(({ command }) => command).sort()).toEqual([...COMMANDS].sort());
  });

  test.each(commands)('$command has a title, the category and an icon', (command) => {
    expect(command.title).toBe(`%command.${command.command.replace('sluice.', '')}%`);
    expect(command.category).toBe('Sluice');
    expect(command.icon).toMatch(/^\$\([\w-]+\)$/);
  });
});

describe('menus', () => {
  const entries = Object.entries(menus).flatMap(([menu, all]) =>
    all.map((entry) => ({ menu, name: entry.command ?? entry.submenu, ...entry })),
  );

  test.each(entries)('$menu: $name exists', ({ command, submenu, menu }) => {
    if (command !== undefined) expect(COMMANDS).toContain(command);
    else expect(submenus.map(({ id }) => id)).toContain(submenu);
    // What is in no menu of its own would be an empty one.
    if (submenu !== undefined) expect(Object.keys(menus)).toContain(submenu);
    if (menu.startsWith('sluice.')) expect(submenus.map(({ id }) => id)).toContain(menu);
  });

  test('ask for context keys that the code keeps', () => {
    const conditions = [...commands.map(({ enablement }) => enablement), ...entries].map((one) =>
      typeof one === 'string' ? one : (one?.when ?? ''),
    );
    const known = Object.values(views).flatMap((all) => all.map(({ id }) => id));
    const keys = conditions.flatMap((condition) => condition.match(/\bsluice\.\w+/g) ?? []);
    for (const key of new Set(keys)) if (!known.includes(key)) expect(code).toContain(`'${key}'`);
  });
});

describe('settings', () => {
  test.each(settings)(
    '%s is described, has a default and a place, and is read',
    (name, setting) => {
      const described = setting.markdownDescription ?? setting.description;
      expect(described).toBe(`%setting.${name.replace('sluice.', '')}%`);
      expect(setting).toHaveProperty('default');
      expect(setting.order).toBeTypeOf('number');
      const key = name.replace('sluice.', '');
      expect(code.includes(`'${key}'`) || settingsOfRuns.has(key), key).toBe(true);
      if (setting.enum === undefined) return;
      const choices = setting.markdownEnumDescriptions ?? setting.enumDescriptions;
      expect(choices).toHaveLength(setting.enum.length);
    },
  );

  test('stand in groups, each in its own place', () => {
    const orders = configuration.map(({ order }) => order);
    expect(new Set(orders).size).toBe(orders.length);
    for (const { title, properties } of configuration) {
      expect(title).toMatch(/^%settings\.\w+%$/);
      const places = Object.values(properties).map(({ order }) => order);
      expect(new Set(places).size).toBe(places.length);
    }
  });
});

describe('texts of package.json', () => {
  test('are those of package.nls.json, and no others', () => {
    const used = new Set(Array.from(text.matchAll(/"%([\w.]+)%"/g), ([, key]) => key));
    expect([...used].sort()).toEqual(Object.keys(english).sort());
  });

  test('that a person reads are none of its own', () => {
    const { problemMatchers: _, ...shown } = manifest.contributes;
    const own = [...words(shown)].filter(
      ({ key, value }) => !/^%[\w.]+%$/.test(value) && !(value === 'Sluice' && NAMED.has(key)),
    );
    expect(own).toEqual([]);
  });

  test('lead to commands and pictures that exist', () => {
    for (const value of Object.values(english)) {
      for (const [, id] of value.matchAll(/\(command:(sluice\.\w+)/g)) {
        expect(COMMANDS).toContain(id);
      }
    }
    for (const [, path = ''] of text.matchAll(/"\.?\/?(media\/[^"]+|docs\/[^"]+)"/g)) {
      expect(existsSync(join(ROOT, path)), path).toBe(true);
    }
  });
});

/** Fields that a person reads. */
const READ = new Set([
  'title',
  'label',
  'name',
  'description',
  'markdownDescription',
  'displayName',
  'userDescription',
  'contextualTitle',
  'altText',
  'category',
  'enumDescriptions',
  'markdownEnumDescriptions',
  'deprecationMessage',
  'contents',
]);
/** Where the product's own name, which is the same in every language, may stand. */
const NAMED = new Set(['title', 'name', 'category', 'label', 'contextualTitle']);

/** What a language model reads, and so no person: the tools' own names and their schemas. */
const FOR_MODELS = new Set(['inputSchema', 'modelDescription']);

/** Every text below a value that a person reads. */
function* words(value: unknown, key = ''): Generator<{ key: string; value: string }> {
  if (typeof value === 'string') {
    if (READ.has(key)) yield { key, value };
  } else if (Array.isArray(value)) {
    for (const one of value) yield* words(one, key);
  } else if (typeof value === 'object' && value !== null) {
    const isTool = 'modelDescription' in value;
    for (const [name, one] of Object.entries(value)) {
      if (!FOR_MODELS.has(name) && !(isTool && name === 'name')) yield* words(one, name);
    }
  }
}

function read(...path: readonly string[]): string {
  return readFileSync(join(ROOT, ...path), 'utf8');
}
