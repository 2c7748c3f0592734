import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSoundFile } from '../../src/engines/sound/file.ts';
import { resample } from '../../src/engines/sound/resample.ts';
import { chooseSpeechEngine } from '../../src/engines/speech/choose.ts';

const RATE = 16_000;
/** Silence between two who speak, in ms; and once in the middle, for it to be found. */
const PAUSE = 1500;
const LONG_PAUSE = 5000;

/** Who speaks, as a number of a voice, and what. Numbers are written as the engines write them down. */
export const MEETING: readonly (readonly [speaker: 0 | 1 | 2, text: string])[] = [
  [0, 'Good morning everybody, and welcome to the weekly meeting of the bridge project.'],
  [0, 'My name is Laura Miller, and I will lead the meeting today.'],
  [1, 'Thank you, Laura. Last week we met Sarah Johnson from Microsoft in Seattle.'],
  [1, 'She liked the first plan very much, and she wants to see the new drawings soon.'],
  [2, 'That is wonderful news. The engineers worked hard on those drawings all winter.'],
  [0, 'When will the new bridge be ready for the first cars?'],
  [2, 'The concrete needs three months, so the bridge opens in September if the weather is kind.'],
  [1, 'The city of Chicago asked for a report about the noise during construction.'],
  [0, 'We need to send that report to the city by Friday.'],
  [1, 'I will write the report tomorrow and send it to David Brown for review.'],
  [2, 'Please call me when it is ready, because I have the measurements from the river.'],
  [0, 'Let us talk about money. The budget was two million dollars at the beginning.'],
  [0, 'We have spent half of it, and the steel became much more expensive this year.'],
  [1, 'The price of steel is terrible. It is the worst problem that we have.'],
  [1, 'Last year we paid less, and nobody expected such a bad market.'],
  [2, 'A company in Germany offered us better steel for a lower price.'],
  [2, 'They can deliver it by ship to New York, and then by train to the river.'],
  [0, 'How long does the ship need from Hamburg to New York?'],
  [2, 'About two weeks, and the train needs another three days.'],
  [0, 'That sounds good. We should ask for a written offer before the end of the month.'],
  [1, 'I will ask them today, and I will share the answer with everybody.'],
  [0, 'Now to the workers. We have forty people on the bridge, and ten more in the office.'],
  [1, 'The team is happy. Everybody loves the new canteen, and the food is great.'],
  [2, 'We had one small accident in March, but nobody was hurt.'],
  [2, 'A heavy box fell from a truck, and it landed in the water.'],
  [0, 'I am glad that nobody was hurt. Safety is the most important thing.'],
  [0, 'Make sure that every worker wears a helmet, also in the office building.'],
  [1, 'We must check all the ropes and chains before the next storm.'],
  [1, 'The weather service expects strong wind on Thursday evening.'],
  [2, 'Then I will close the upper part of the bridge on Thursday at noon.'],
  [0, 'Good idea. Who tells the people who walk across the old bridge?'],
  [1, 'I can put a sign on both sides of the river, in English and in Spanish.'],
  [0, 'Thank you. The next point is the opening of the bridge in September.'],
  [0, 'We want music, food, and a boat race for the children.'],
  [1, 'The mayor, Robert Wilson, will speak for ten minutes, and then the band plays.'],
  [2, 'My daughter plays the trumpet in that band. She is very excited about it.'],
  [1, 'How many visitors do you expect on that day?'],
  [0, 'About five thousand people, so we need more parking near the station.'],
  [2, 'The railway company can add six trains in the morning and six in the evening.'],
  [1, 'I will talk to the railway company next week, and I will bring the timetable.'],
  [0, 'Please remember to order the flags early. Last time they arrived too late.'],
  [2, 'That was a sad day. The whole town laughed about us in the newspaper.'],
  [0, 'It will not happen again. Now a word about the old bridge.'],
  [0, 'The museum wants to keep one piece of it and show it in the garden.'],
  [1, 'The director of the museum is Emily Davis. She came from Boston last summer.'],
  [1, 'She thinks that the old stones tell the story of the whole valley.'],
  [2, 'I love that idea. Children will see how people built bridges long ago.'],
  [2, 'The stones are heavy, but our crane can lift them without any trouble.'],
  [0, 'What does the museum pay for the transport of the stones?'],
  [1, 'They pay five thousand dollars, and the city of Chicago pays the rest.'],
  [0, 'That is fair. Does anybody have another question?'],
  [2, 'Yes. Can we move the next meeting to Tuesday? I am in Paris on Monday.'],
  [0, 'Tuesday is fine. We meet at nine in the morning, in the big room.'],
  [1, 'I will book the room, and I will invite the people from the museum.'],
  [0, 'Very good. Then we are at the end. Thank you all for the hard work.'],
  [2, 'Thank you, Laura. Have a wonderful day, everybody.'],
];

const VOICES = {
  kokoro: ['af_heart', 'am_michael', 'bf_emma'],
  flite: ['slt', 'rms', 'awb'],
} as const;

/** A recording of the meeting, and what is said in it when. */
export interface Recorded {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly { readonly text: string }[];
}

/**
 * Has voices read the meeting, or its first lines, into a WAV file; once a machine. With Kokoro the whole lasts about
 * 5 minutes.
 */
export async function recordMeeting(
  engine: keyof typeof VOICES,
  count: number = MEETING.length,
): Promise<Recorded> {
  const lines = MEETING.slice(0, count);
  const hash = createHash('sha256').update(JSON.stringify([engine, lines, PAUSE, LONG_PAUSE]));
  const folder = join(tmpdir(), 'sluice-meeting');
  const path = join(folder, `${hash.digest('hex').slice(0, 16)}.wav`);
  const text = lines.map(([, line]) => line).join(' ');
  const recorded = { path, text, lines: lines.map(([, line]) => ({ text: line })) };
  if (existsSync(path)) return recorded;
  mkdirSync(folder, { recursive: true });
  const voice = await chooseSpeechEngine({ engine });
  const draft = `${path}.${process.pid}`;
  const file = await createSoundFile(draft, { format: 'wav', sampleRate: RATE, channels: 1 });
  for (const [index, [speaker, line]] of lines.entries()) {
    for await (const chunk of voice.speak(line, { voice: VOICES[engine][speaker] })) {
      await file.write(resample(chunk.samples, chunk.sampleRate, RATE));
    }
    await file.pause(index === Math.floor(lines.length / 2) ? LONG_PAUSE : PAUSE);
  }
  await file.close();
  await voice.close();
  renameSync(draft, path);
  return recorded;
}
