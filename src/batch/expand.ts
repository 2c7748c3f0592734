import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { plainText } from '../protocol/escapes.ts';
import { type Input, readInputs } from './inputs.ts';
import { withLanguages } from './languages.ts';
import { memoryNeeds } from './memory.ts';
import { outputTemplate } from './output.ts';
import { type Parsed, parseBatch } from './parse.ts';
import { relativePath, sameFile, whyNot } from './paths.ts';
import { placeholderProblems } from './placeholder-check.ts';
import { fill, slug, type Values } from './placeholders.ts';
import { type ItemPlan, makesFolder, type Plan } from './plan.ts';
import { BatchError, type Problem } from './problem.ts';
import type { Batch } from './schema.ts';
import { readText } from './text.ts';

/**
 * Reads a batch file and its inputs and lays out every item. Nothing is started or written.
 * Rejects with BatchError, each problem at its place.
 *
 * @param workspace absolute path of the folder that results must stay in
 */
export async function planBatch(batchFile: string, workspace: string): Promise<Plan> {
  const shown = (path: string): string => relativePath(workspace, path);
  const file = shown(batchFile);
  const parsed = parseBatch(await readText(batchFile, file), file);
  const { batch } = parsed;
  if (batch === undefined) throw new BatchError(parsed.problems);
  const folder = folderOf(batch, batchFile);
  const inputs = await readInputs(batch, batchFile, folder, parsed.positionOf, shown);
  return layOut(parsed, inputs, batchFile, workspace);
}

/** Absolute path of the folder that a batch's paths are relative to. */
export function folderOf(batch: Batch, batchFile: string): string {
  return resolve(dirname(batchFile), batch.folder ?? '.');
}

/** Lays out every item of a parsed batch with its inputs. Pure. Throws BatchError. */
export function layOut(
  parsed: Parsed,
  inputs: readonly Input[],
  batchFile: string,
  workspace: string,
): Plan {
  const { batch } = parsed;
  if (batch === undefined) throw new BatchError(parsed.problems);
  const file = relativePath(workspace, batchFile);
  const folder = folderOf(batch, batchFile);
  const columns = Object.keys(inputs[0]?.row ?? {});
  const problems = placeholderProblems(batch, columns, parsed, file);
  if (problems.length > 0) throw new BatchError(problems);
  const fileName = basename(batchFile).replace(/\.batch\.ya?ml$|\.ya?ml$/, '');
  // Terminals show names and titles: no escape in one may reach them.
  const name = plainText(batch.name ?? fileName);
  const laid = { batch: withLanguages(batch), batchFile, folder, workspace, name };
  const items = inputs.map((input, index) => planItem(input, index + 1, laid, parsed.positionOf));
  const clashes = clashProblems(items, file, workspace, parsed);
  if (clashes.length > 0) throw new BatchError(clashes);
  return { ...laid, items, memory: memoryNeeds(batch.steps) };
}

function planItem(
  input: Input,
  item: number,
  { batch, batchFile, folder, workspace }: Omit<Plan, 'items' | 'memory'>,
  positionOf: Parsed['positionOf'],
): ItemPlan {
  const name = input.file === undefined ? slug(input.title) : basename(input.file);
  const stem = input.file === undefined ? name : basename(input.file, extname(input.file));
  const values: Values = {
    ...input.row,
    'input.name': name,
    'input.stem': stem,
    'input.dir':
      input.file === undefined ? '' : relative(folder, dirname(input.file)).split(sep).join('/'),
    index: String(item),
    slug: slug(input.file === undefined ? input.title : stem),
  };
  const outputs = batch.steps.map((step, index) => {
    const output = outputTemplate(batch, index);
    if (output === undefined) return undefined;
    const path = resolve(folder, fill(output.template, values));
    const reason = whyNot(path, workspace);
    if (reason !== undefined) {
      throw new BatchError([
        {
          file: relativePath(workspace, batchFile),
          ...positionOf(output.path),
          message: `The result of item ${item} would go to ${path}, ${reason.why}.`,
          hint: reason.hint,
        },
      ]);
    }
    const folderWanted = output.template.endsWith('/') || makesFolder(step);
    return folderWanted ? path + sep : path;
  });
  const last = outputs.at(-1);
  return {
    item,
    title: plainText(input.title),
    source: input.source,
    ...(input.file === undefined || input.source.line === undefined
      ? {}
      : { input: relativePath(workspace, input.file) }),
    ...(last === undefined ? {} : { output: relativePath(workspace, last) }),
    ...(input.text === undefined ? {} : { text: input.text }),
    ...(input.file === undefined ? {} : { file: input.file }),
    values,
    outputs,
  };
}

function clashProblems(
  items: readonly ItemPlan[],
  file: string,
  workspace: string,
  parsed: Parsed,
): Problem[] {
  const owners = new Map<string, ItemPlan>();
  const sources = new Set(
    [file, ...items.flatMap((item) => [item.source?.file ?? file, item.file ?? file])].map((path) =>
      sameFile(resolve(workspace, path)),
    ),
  );
  const problems: Problem[] = [];
  const place = ({ item, source }: ItemPlan): string =>
    `item ${item} (${source?.file ?? ''}${source?.line === undefined ? '' : `:${source.line}`})`;
  for (const item of items) {
    item.outputs.forEach((output, step) => {
      if (output === undefined) return;
      const key = sameFile(output);
      const path =
        parsed.batch?.steps[step]?.output === undefined ? ['output'] : ['steps', step, 'output'];
      const fail = (message: string, hint: string): void => {
        problems.push({ file, ...parsed.positionOf(path), message, hint });
      };
      const owner = owners.get(key);
      if (sources.has(key)) {
        fail(
          `The result of ${place(item)} would replace ${relativePath(workspace, output)}, which this batch reads.`,
          'Give results another folder or another ending.',
        );
      } else if (owner === item) {
        fail(
          `Two steps of ${place(item)} would write the same file, ${basename(output)}.`,
          'Make the names differ.',
        );
      } else if (owner !== undefined) {
        fail(
          `${place(owner)} and ${place(item)} would write the same file, ${basename(output)}.`,
          'Make the names differ: put {index} or {slug} into `output`.',
        );
      }
      owners.set(key, owner ?? item);
    });
  }
  return problems.slice(0, 20);
}
