import { Command } from 'commander';
import type { doModels, ModelFlags } from './model-actions.ts';

/**
 * `sluice models list | pull [ids...] | verify [ids...] | remove ids...`. Exit codes: 0 done, 1 a
 * model could not be fetched or is not as it should be, 2 an unknown id, 130 interrupted.
 */
export function modelsCommand(): Command {
  const command = new Command('models').description('fetches, checks and removes model weights');
  command
    .command('list')
    .description('shows every model, and which of them are here')
    .option('--json', 'as JSON')
    .action((flags: ModelFlags) => act('list', [], flags));
  command
    .command('pull')
    .description('fetches models that are not here yet; all of them without ids')
    .argument('[ids...]', 'ids of models, as in the list')
    .option('--accept-licence', 'accepts the licences of these models that limit their use')
    .action((ids: string[], flags: ModelFlags) => act('pull', ids, flags));
  command
    .command('verify')
    .description('reads every byte of the models that are here and compares their sha256')
    .argument('[ids...]', 'ids of models, as in the list')
    .action((ids: string[]) => act('verify', ids, {}));
  command
    .command('remove')
    .description('deletes models and the beginnings of their downloads')
    .argument('<ids...>', 'ids of models, as in the list')
    .action((ids: string[]) => act('remove', ids, {}));
  return command;
}

/** The model store is loaded when it is needed: most commands do without it. */
async function act(...[what, ids, flags]: Parameters<typeof doModels>): Promise<void> {
  const actions = await import('./model-actions.ts');
  await actions.doModels(what, ids, flags);
}
