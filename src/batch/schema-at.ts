import type { JsonSchema } from './json-schema.ts';
import { valueAt } from './reading.ts';

/** What JSON schema says of a place in a file. */
export interface Place {
  /** One for each form of what is around it that says something. */
  readonly schemas: readonly JsonSchema[];
  /** What stands there. */
  readonly value: unknown;
}

/** The place `path` in a file that says `value`, which may be half typed. Pure. */
export function placeAt(root: JsonSchema, path: readonly PropertyKey[], value: unknown): Place {
  return path.reduce<Place>(
    (place, key) => ({
      schemas: formsAt(place, key).flatMap((form) => child(form, key)),
      value: valueAt(place.value, [key]),
    }),
    { schemas: [root], value },
  );
}

/** The forms that what stands at a place may have and fits best, whatever its own key `asked` says. */
export function formsAt({ schemas, value }: Place, asked?: PropertyKey): readonly JsonSchema[] {
  return schemas.flatMap((schema) => {
    const forms = schema.anyOf ?? [schema];
    const wrongs = forms.map((form) => wrong(form, value, asked));
    const least = Math.min(...wrongs);
    return forms.filter((_, index) => wrongs[index] === least);
  });
}

function child(form: JsonSchema, key: PropertyKey): readonly JsonSchema[] {
  if (typeof key === 'number') return form.items === undefined ? [] : [form.items];
  const more = form.additionalProperties;
  const found = form.properties?.[String(key)] ?? (typeof more === 'object' ? more : undefined);
  return found === undefined ? [] : [found];
}

/** How much of a value speaks against a form. */
function wrong(form: JsonSchema, value: unknown, asked: PropertyKey | undefined): number {
  if (Array.isArray(value)) return form.type === 'array' ? 0 : 1;
  if (!isMap(value)) return 0;
  if (form.type !== 'object') return 1;
  return Object.entries(value).filter(([key, one]) => {
    if (key === asked) return false;
    const property = form.properties?.[key];
    if (property === undefined) return form.additionalProperties === false;
    return property.enum !== undefined && !property.enum.includes(one);
  }).length;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
