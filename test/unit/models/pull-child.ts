// A process that fetches one model: arguments are the id and the catalogue as JSON.
import { contextFrom } from '../../../src/models/context.ts';
import { ModelStore } from '../../../src/models/store.ts';

const [id = '', catalogue = ''] = process.argv.slice(2);
const store = new ModelStore({
  ...contextFrom(process.env, JSON.parse(catalogue)),
  stall: 1500,
  pause: 20,
});
let calls = 0;
try {
  const onProgress = () => {
    calls++;
  };
  console.log(JSON.stringify({ ...(await store.path(id, { onProgress })), calls }));
} catch (error) {
  console.log(JSON.stringify({ error: String(error), hint: (error as { hint?: string }).hint }));
  process.exitCode = 1;
}
