import { spellOut } from '../../../src/engines/language/spell-out.ts';
import { readFileSync } from 'node:fs';
for (const l of readFileSync(0,'utf8').split('\n')) if (l) console.log(l.padEnd(44), '|', spellOut(l));
