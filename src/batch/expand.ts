import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { type Input, readInputs } from './inputs.ts';
import { type Parsed, parseBatch } from './parse.ts';
import { relativePath, sameFile, whyNot } from './paths.ts';
import { fill, PLACEHOLDERS, placeholdersIn, slug, type Values } from './placeholders.ts';
import { type ItemPlan, type Plan, shellVariable, stepTexts, usesPlaceholder } from './plan.ts';
import { BatchError, type Problem } from './problem.ts';
import type { Batch } from './schema.ts';
import { readText } from './text.ts';
import { OWN_PLACEHOLDERS } from './uses.ts';

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
  const inputs = await readInputs(batch, batchFile, parsed.positionOf, shown);
  const problems = placeholderProblems(batch, inputs[0], parsed, file);
  if (problems.length > 0) throw new BatchError(problems);
  const items = inputs.map((input, index) =>
    planItem(input, index + 1, batch, batchFile, workspace, parsed.positionOf),
  );
  const clashes = clashProblems(items, file, workspace, parsed);
  if (clashes.length > 0) throw new BatchError(clashes);
  const name = batch.name ?? basename(batchFile).replace(/\.batch\.ya?ml$|\.ya?ml$/, '');
  return { batch, batchFile, workspace, name, items };
}

const WITHOUT_OUTPUT = { write: 'out/{index}-{slug}.md', speak: 'out/{index}-{slug}.mp3' } as const;

/** The template of a step's result: its own, the batch's for the last one, or what its kind implies. */
function outputTemplate(
  batch: Batch,
  index: number,
): { template: string; path: PropertyKey[] } | undefined {
  const step = batch.steps[index];
  if (step === undefined) return undefined;
  if (step.output !== undefined) return { template: step.output, path: ['steps', index, 'output'] };
  if (index < batch.steps.length - 1) return undefined;
  if (batch.output !== undefined) return { template: batch.output, path: ['output'] };
  if (step.uses !== undefined)
    return { template: WITHOUT_OUTPUT[step.uses], path: ['steps', index] };
  return usesPlaceholder(step, 'outdir')
    ? { template: 'out/{slug}/', path: ['steps', index] }
    : undefined;
}

/** A placeholder where a shell would take it as it stands; `${input}` is the shell's own. */
const SHELL_PLACEHOLDER = new RegExp(`(?<!\\$)\\{(${PLACEHOLDERS.join('|')})\\}`);

function placeholderProblems(
  batch: Batch,
  first: Input | undefined,
  parsed: Parsed,
  file: string,
): Problem[] {
  const known: string[] = [...PLACEHOLDERS, ...Object.keys(first?.row ?? {})];
  const problems: Problem[] = [];
  const check = (text: string, path: PropertyKey[], allowed: readonly string[]): void => {
    for (const name of placeholdersIn(text)) {
      if (allowed.includes(name)) continue;
      problems.push({
        file,
        ...parsed.positionOf(path),
        message: known.includes(name)
          ? `\`{${name}}\` cannot be used here.`
          : `There is no placeholder \`{${name}}\`.`,
        hint: known.includes(name)
          ? allowed.length === 0
            ? 'One process serves all items: put it into `with`.'
            : `Use one of ${allowed.map((one) => `{${one}}`).join(' ')}.`
          : `Did you mean \`{${closest(name, known)}}\`? A brace itself is written twice: {{.`,
      });
    }
  };
  const inOutput = known.filter((name) => !['input', 'output', 'outdir'].includes(name));
  batch.steps.forEach((step, index) => {
    const own = step.uses === undefined ? [] : OWN_PLACEHOLDERS[step.uses];
    // A warm step is told its input and output by the protocol.
    const inWith = step.warm ? inOutput : [...known, ...own];
    const elsewhere = step.warm || step.uses !== undefined ? [] : known;
    for (const { text, path } of stepTexts(step)) {
      check(text, ['steps', index, ...path], path[0] === 'with' ? inWith : elsewhere);
    }
    const inShell = step.shell ? SHELL_PLACEHOLDER.exec(String(step.run))?.[1] : undefined;
    if (inShell !== undefined) {
      problems.push({
        file,
        ...parsed.positionOf(['steps', index, 'run']),
        message: `\`{${inShell}}\` is not filled in for a shell.`,
        hint: `Write "$${shellVariable(inShell)}", or "%${shellVariable(inShell)}%" on Windows.`,
      });
    }
    const output = outputTemplate(batch, index);
    if (output !== undefined) check(output.template, output.path, inOutput);
    if (output === undefined && usesPlaceholder(step, 'output')) {
      problems.push({
        file,
        ...parsed.positionOf(['steps', index, 'run']),
        message: '`{output}` is used, but nothing says where the result goes.',
        hint: 'Add `output: out/{slug}.mp3` or the like.',
      });
    }
  });
  return problems;
}

function planItem(
  input: Input,
  item: number,
  batch: Batch,
  batchFile: string,
  workspace: string,
  positionOf: Parsed['positionOf'],
): ItemPlan {
  const folder = dirname(batchFile);
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
    const folderWanted = output.template.endsWith('/') || usesPlaceholder(step, 'outdir');
    return folderWanted ? path + sep : path;
  });
  const last = outputs.at(-1);
  return {
    item,
    title: input.title,
    source: input.source,
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
    [file, ...items.map((item) => item.source?.file ?? file)].map((path) =>
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
