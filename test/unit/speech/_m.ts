import decode from '@audio/decode';
import { readFileSync } from 'node:fs';
import { transcribe, wordErrorRate } from '../../support/moonshine.ts';
import { resample } from '../../support/resample.ts';
for (const f of process.argv.slice(2)) { const {channelData:[x], sampleRate}=await decode(readFileSync(f)); const t=performance.now(); const y=resample(x!,sampleRate,16000); const t1=performance.now(); const s=await transcribe(y); console.log(f,s, 'resample ms',t1-t|0,'x',(y.length/16/(performance.now()-t1)).toFixed(1)); }
console.log(wordErrorRate('a b c d','a x c'));
