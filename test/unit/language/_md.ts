import { toUtterances } from '../../../src/engines/language/utterances.ts';
import { readFileSync } from 'node:fs';
for (const u of toUtterances(readFileSync(0,'utf8'),{markdown:true,text:'spelled',unit:'sentence'})) console.log(u.pause, u.text);
