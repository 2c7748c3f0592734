import { chooseSpeechEngine } from '../../../src/engines/speech/choose.ts';
import { toUtterances } from '../../../src/engines/language/utterances.ts';
import { transcribe, wordErrorRate } from '../../support/moonshine.ts';
import { resample } from '../../support/resample.ts';
import { spellOut } from '../../../src/engines/language/spell-out.ts';
import { readFileSync } from 'node:fs';
const [file, engine, voice, model] = process.argv.slice(2);
const e = await chooseSpeechEngine({engine: engine as 'kokoro', model}, {log: console.error});
let words=0, errs=0, sound=0, work=0;
for (const line of readFileSync(file!,'utf8').split('\n').filter(Boolean)) {
  const t=performance.now(); const parts: Float32Array[]=[]; let rate=0; const said: string[]=[];
  for (const u of toUtterances(line,{markdown:false, ...e.takes})) { said.push(u.text); for await (const c of e.speak(u.text,{voice})) { parts.push(c.samples, new Float32Array(c.sampleRate/5)); rate=c.sampleRate; } }
  work+=performance.now()-t; const n=parts.reduce((a,b)=>a+b.length,0); sound+=n/rate; const x=new Float32Array(n); let o=0; for (const p of parts) { x.set(p,o); o+=p.length; }
  const heard = await transcribe(resample(x,rate,16000));
  const ref=spellOut(line), h=spellOut(heard); const w=wordErrorRate(ref,h); const k=(ref.match(/[\p{L}\p{N}'’]+/gu)??[]).length; words+=k; errs+=w*k;
  if (w>0) console.log(w.toFixed(2),'\n   said ',ref,'\n   heard',heard);
}
console.log(engine,voice,model,'WER',(errs/words).toFixed(3),'words',words,'x real time',(sound/work*1000).toFixed(1));
await e.close();
