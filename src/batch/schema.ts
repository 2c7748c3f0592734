import { z } from 'zod';
import { duration } from './duration.ts';
import { type JsonSchema, stepForms, toJsonSchema } from './json-schema.ts';
import { size } from './size.ts';
import { sourceProblems } from './sources.ts';
import { BUILT_IN_STEPS } from './uses.ts';

/** The one definition of the batch file: it parses, and it gives the JSON schema. */

const environment = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .describe('More environment variables for the program.');

/** A step as the batch file has it. */
export const stepSchema = z
  .strictObject({
    uses: z
      .enum(Object.keys(BUILT_IN_STEPS) as [keyof typeof BUILT_IN_STEPS])
      .describe('A step that is built in.')
      .optional(),
    with: z
      .record(z.string(), z.unknown())
      .describe("The built-in step's options, or what a warm step is given.")
      .optional(),
    run: z
      .union([z.array(z.union([z.string(), z.number()]).transform(String)).min(1), z.string()], {
        error: 'must be a list: the program, then its arguments',
      })
      .describe('Any program: a list of the program and its arguments. Placeholders are filled in.')
      .optional(),
    shell: z
      .boolean()
      .describe(
        'Give `run`, one string, to the shell. Placeholders are not allowed in it: they are in the environment as SLUICE_INPUT and so on.',
      )
      .default(false),
    warm: z
      .boolean()
      .describe('The program speaks the step protocol and serves many items.')
      .default(false),
    pty: z
      .union([z.boolean(), z.literal('auto')])
      .describe(
        'What makes the program put out each line at once. `auto`: its environment, for C programs the library of stdbuf, and a pseudo-terminal for programs that hide their progress without one. `true`: a pseudo-terminal. `false`: nothing but the environment.',
      )
      .default('auto'),
    name: z.string().min(1).describe('What to call the step.').optional(),
    from: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .describe(
        "What it works on: the name of an earlier step, or `input` for the item itself; the step before without it. A warm step may have a list. Steps that do not need each other's results run side by side.",
      )
      .optional(),
    cwd: z.string().describe("The program's folder; the batch's without it.").optional(),
    env: environment.optional(),
    needs: z
      .strictObject({
        memory: size.describe(
          'Memory that the step takes at its peak, such as 6GB. An item waits until so much is free.',
        ),
      })
      .describe('What must be free before an item begins.')
      .optional(),
    output: z
      .string()
      .min(1)
      .describe("Where this step's result goes, when it is wanted beside the last one's.")
      .optional(),
  })
  .superRefine((value, context) => {
    const fail = (path: string[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if ((value.uses === undefined) === (value.run === undefined)) {
      fail([], 'a step has either `uses` or `run`');
    }
    if (value.uses !== undefined && (value.warm || value.pty !== 'auto' || value.shell)) {
      fail([], '`warm`, `pty` and `shell` go with `run`');
    }
    if (value.with !== undefined && value.run !== undefined && !value.warm) {
      fail(['with'], '`with` goes with `uses`, or with `run` and `warm: true`');
    }
    if (typeof value.run === 'string' && !value.shell) {
      fail(
        ['run'],
        '`run` is a list: the program, then its arguments. Only `shell: true` takes one string',
      );
    }
    if (Array.isArray(value.run) && value.shell) {
      fail(['run'], '`shell: true` takes `run` as one string');
    }
    if (Array.isArray(value.from) && value.run !== undefined && !value.warm) {
      fail(['from'], 'a list goes with `uses`, or with `run` and `warm: true`');
    }
  });

const inputs = z
  .union(
    [
      z
        .array(z.union([z.string(), z.number()]).transform(String))
        .min(1, 'the list of inputs is empty'),
      z
        .strictObject({
          lines: z
            .string()
            .describe('A text file: one item a line; empty lines and # comments are left out.')
            .optional(),
          files: z
            .union([z.string(), z.array(z.string()).min(1)])
            .describe('Files: one pattern or a list, such as music/**/*.mp3.')
            .optional(),
          rows: z.string().describe('A CSV file with a header: one item a row.').optional(),
          text: z
            .string()
            .describe('With `rows`: the text of an item, such as "Write to {row.name}".')
            .optional(),
          file: z
            .string()
            .describe(
              'With `rows`: the file that an item works on, such as "music/{row.name}.mp3". Several items may have the same.',
            )
            .optional(),
        })
        .superRefine((value, context) => {
          const given = [value.lines, value.files, value.rows].filter((one) => one !== undefined);
          if (given.length !== 1) {
            context.addIssue({
              code: 'custom',
              message: 'needs one of `lines`, `files` or `rows`',
            });
          }
          for (const key of ['text', 'file'] as const) {
            if (value[key] === undefined || value.rows !== undefined) continue;
            context.addIssue({
              code: 'custom',
              path: [key],
              message: `\`${key}\` goes with \`rows\``,
            });
          }
          if (value.text !== undefined && value.file !== undefined) {
            context.addIssue({
              code: 'custom',
              path: ['file'],
              message: 'an item works on a `text` or on a `file`',
            });
          }
        }),
    ],
    { error: 'must be a list of texts, or one of `lines`, `files` or `rows`' },
  )
  .describe('What to work on: one item each.');

export const batchSchema = z.strictObject({
  name: z.string().min(1).describe('What to call the runs of this batch.').optional(),
  folder: z
    .string()
    .min(1)
    .describe("The folder that paths are relative to; the batch file's own without it.")
    .optional(),
  inputs,
  steps: z
    .array(stepSchema)
    .min(1, 'needs at least one step')
    .superRefine((steps, context) => {
      for (const { path, message } of sourceProblems(steps)) {
        context.addIssue({ code: 'custom', path: [...path], message });
      }
    })
    .describe('What is done with each item, in order.'),
  output: z
    .string()
    .min(1)
    .describe(
      "Where the last step's result goes, such as out/{index}-{slug}.mp3; a folder when it ends with /.",
    )
    .optional(),
  concurrency: z
    .int()
    .min(1)
    .max(256)
    .describe('Items under way at once: 1 when left out, and with workers as many as they take.')
    .optional(),
  retries: z.int().min(0).max(100).describe('More attempts at an item that failed.').default(0),
  backoff: duration.describe('Wait before the first retry; it doubles each time.').prefault('1s'),
  timeout: duration.describe('Longest time for one attempt at an item.').optional(),
  runTimeout: duration.describe('Longest time for the whole run.').optional(),
  silence: duration.describe('Say so when a step puts out nothing for so long.').prefault('60s'),
  overwrite: z
    .boolean()
    .describe('Replace files that stand where a result goes, whoever made them.')
    .default(false),
});

/** A batch file as parsed, defaults filled in and durations in ms. */
export type Batch = z.output<typeof batchSchema>;
export type Step = Batch['steps'][number];

let jsonSchema: JsonSchema | undefined;

/** The JSON schema (draft 2020-12) of the batch file, for editors. */
export function batchJsonSchema(): JsonSchema {
  jsonSchema ??= toJsonSchema(batchSchema, (of, json) =>
    of === stepSchema ? stepForms(json) : json,
  );
  return jsonSchema;
}
