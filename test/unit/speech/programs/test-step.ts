import { setTimeout as wait } from 'node:timers/promises';
import { EngineError } from '../../../../src/engines/error.ts';
import { serveStep } from '../../../../src/steps/serve.ts';

/** A step whose items say by their text what it should do. */
await serveStep(
  async (item, { signal, progress, text, log }) => {
    const [word, argument = ''] = (item.text ?? '').split(' ');
    if (word === 'wait') await wait(Number(argument), undefined, { signal });
    if (word === 'print') process.stdout.write('a native library says hello\n');
    if (word === 'console') console.log('hello');
    if (word === 'fail') throw new Error('it broke');
    if (word === 'refuse') {
      throw new EngineError('refused', { hint: 'do not', retry: false, retryAfter: 3 });
    }
    if (word === 'hints') throw Object.assign(new Error('of another kind'), { hint: 'look there' });
    progress({ fraction: 0.5 });
    text('line\u2028one\n');
    log('é');
    return { text: `said ${item.text}` };
  },
  { concurrency: (item) => (item?.with['many'] ? 3 : 1) },
);
