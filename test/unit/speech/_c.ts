import { chooseSpeechEngine } from '../../../src/engines/speech/choose.ts';
const [engine, model, voice] = process.argv.slice(2);
const S='Plants use sunlight to turn water and carbon dioxide into sugar, and the process is called photosynthesis by those who study it in the laboratory.';
let t=performance.now(); const e = await chooseSpeechEngine({engine: engine as 'kokoro', model: model||undefined});
const load=performance.now()-t; let sound=0; for await (const c of e.speak('Hello there.',{voice})) sound=0;
const c0=process.cpuUsage(); t=performance.now(); for (let i=0;i<3;i++) for await (const c of e.speak(S,{voice})) sound+=c.samples.length/c.sampleRate;
const c=process.cpuUsage(c0); const cpu=(c.user+c.system)/1e6; const wall=(performance.now()-t)/1000;
console.log(engine,model,voice,'load ms',load|0,'sound',sound.toFixed(1),'cpu s',cpu.toFixed(2),'wall',wall.toFixed(2),'x wall',(sound/wall).toFixed(1),'x per cpu-second',(sound/cpu).toFixed(1),'rss MB',process.memoryUsage().rss>>20);
await e.close();
