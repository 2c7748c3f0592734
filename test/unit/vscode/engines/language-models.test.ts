import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunHandle } from '../../../../src/runner/client.ts';
import { LanguageModels } from '../../../../src/vscode/engines/language-models.ts';
import { type FakeModel, FakeWindow, LanguageModelError } from './fake-window.ts';

const RUN = { id: 'r1', name: 'Bees' };

async function* words(...pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}

function model(id: string, sendRequest: FakeModel['sendRequest']): FakeModel {
  return { vendor: 'acme', id, family: `${id}-family`, name: id, sendRequest };
}

function parrot(id: string): FakeModel {
  return model(id, async ([first]) => ({ text: words('You said: ', first?.text ?? '') }));
}

interface Asked {
  readonly text: string;
  readonly model: string | undefined;
}

async function ask(
  models: LanguageModels,
  request: { prompt: string; model?: string; system?: string; temperature?: number },
  signal = new AbortController().signal,
  run = RUN,
): Promise<Asked> {
  let text = '';
  const answer = await models.textFor(run)(
    request,
    (piece) => {
      text += piece;
    },
    signal,
  );
  return { text, model: answer.model };
}

function windowWith(...models: readonly FakeModel[]) {
  const window = new FakeWindow();
  window.models = [...models];
  return { window, models: new LanguageModels(window.module) };
}

test('a model is found by vendor and id, vendor and family, id or family; without a name the first', async () => {
  const { models } = windowWith(parrot('a'), parrot('b'));
  for (const name of ['acme/b', 'acme/b-family', 'b', 'b-family']) {
    expect(await ask(models, { prompt: 'hi', model: name })).toEqual({
      text: 'You said: hi',
      model: 'acme/b',
    });
  }
  expect((await ask(models, { prompt: 'hi' })).model).toBe('acme/a');
  await expect(ask(models, { prompt: 'hi', model: 'c' })).rejects.toMatchObject({
    refusal: { message: 'VS Code has no language model c', hint: 'It has acme/a, acme/b.' },
  });
  await expect(ask(windowWith().models, { prompt: 'hi' })).rejects.toMatchObject({
    refusal: { message: 'VS Code has no language model' },
  });
});

test('what the model is told beforehand comes first, options only where they are asked for', async () => {
  const seen: unknown[] = [];
  const { models } = windowWith(
    model('a', async (messages, options) => {
      seen.push(messages, options);
      return { text: words('x') };
    }),
  );
  await ask(models, { prompt: 'hi', system: 'Be brief.', temperature: 0.5 });
  await ask(models, { prompt: 'hi' });
  expect(seen).toEqual([
    [{ text: 'Be brief.' }, { text: 'hi' }],
    { justification: expect.stringContaining('"Bees"'), modelOptions: { temperature: 0.5 } },
    [{ text: 'hi' }],
    { justification: expect.stringContaining('"Bees"'), modelOptions: {} },
  ]);
});

test('of several requests the person is asked at the first one, and a refusal holds for the run', async () => {
  let asking = 0;
  let most = 0;
  let asked = 0;
  let allowed = false;
  const { models } = windowWith(
    model('a', async () => {
      asked += 1;
      asking += 1;
      most = Math.max(most, asking);
      await delay(5);
      asking -= 1;
      if (!allowed) throw LanguageModelError.NoPermissions();
      return { text: words('x') };
    }),
  );
  const answers = await Promise.allSettled([1, 2, 3].map(() => ask(models, { prompt: 'hi' })));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  for (const answer of answers) {
    expect(answer).toMatchObject({
      reason: { refusal: { message: expect.stringContaining('not allowed'), retry: false } },
    });
  }
  expect({ asked, most }).toEqual({ asked: 1, most: 1 });

  // Another run asks for itself; so does this one when its items are put back.
  allowed = true;
  await ask(models, { prompt: 'hi' }, undefined, { id: 'r2', name: 'Ants' });
  await expect(ask(models, { prompt: 'hi' })).rejects.toThrow('not allowed');
  const run = { id: 'r1' } as RunHandle;
  models.follow({ run, events: [{ type: 'queued', items: [1], seq: 9, time: 0 }] });
  expect((await ask(models, { prompt: 'hi' })).text).toBe('x');
});

test.each([
  [LanguageModelError.Blocked('Quota.'), 'acme/a takes no more requests: Quota.', undefined],
  [LanguageModelError.NotFound(), 'VS Code has no language model acme/a', false],
  [new Error('Broken\n pipe'), 'acme/a failed: Broken pipe', undefined],
  [new Error('', { cause: new Error('deeper') }), 'acme/a failed: deeper', undefined],
])('%s is said as what it means', async (error, message, retry) => {
  const { models } = windowWith(
    model('a', async () => ({
      // biome-ignore lint/correctness/useYield: it fails before it says anything.
      text: (async function* () {
        throw error;
      })(),
    })),
  );
  const failed = ask(models, { prompt: 'hi' });
  await expect(failed).rejects.toMatchObject({ refusal: { message } });
  await expect(failed).rejects.toSatisfy(
    (one) => (one as { refusal: { retry?: boolean } }).refusal.retry === retry,
  );
});

test('a cancelled text is cancelled at the model, also while it waits for its turn', async () => {
  const tokens: { readonly isCancellationRequested: boolean }[] = [];
  const { models } = windowWith(
    model('a', async (_messages, _options, token) => {
      tokens.push(token);
      return {
        text: (async function* () {
          yield 'on ';
          await new Promise<void>((resolve) => token.onCancellationRequested(resolve));
          throw new Error('Canceled');
        })(),
      };
    }),
  );
  const controller = new AbortController();
  const writing = ask(models, { prompt: 'hi' }, controller.signal);
  await expect.poll(() => tokens.length).toBe(1);
  controller.abort(new Error('given up'));
  await expect(writing).rejects.toThrow('given up');
  expect(tokens[0]?.isCancellationRequested).toBe(true);
  await expect(ask(models, { prompt: 'hi' }, controller.signal)).rejects.toThrow('given up');
  expect(tokens).toHaveLength(1);
});

test('a window in Restricted Mode serves nothing', async () => {
  const { window, models } = windowWith(parrot('a'));
  expect(models.services.text).toBeDefined();
  window.trusted = false;
  expect(models.services).toEqual({});
  await expect(ask(models, { prompt: 'hi' })).rejects.toThrow('Restricted Mode');
});
