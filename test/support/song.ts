import { resample } from '../../src/engines/sound/resample.ts';
import { createFlite } from '../../src/engines/speech/flite.ts';
import { modelPath } from '../../src/models/store.ts';

/** A song whose stems are known. It is the same each time; nothing in it is anybody's. */
export interface Song {
  /** Hz. */
  readonly sampleRate: number;
  /** By name: `vocals`, `drums`, `bass`, `other`; each stereo. */
  readonly stems: ReadonlyMap<string, Stereo>;
  /** Their sum, of at most 0.9 of full scale. */
  readonly mix: Stereo;
}

export type Stereo = readonly [Float32Array, Float32Array];

const RATE = 44_100;
const BEATS_A_MINUTE = 112;
const BEAT = (RATE * 60) / BEATS_A_MINUTE;
/** Roots of the four chords, in semitones from A: Am, F, C, G, a bar each. */
const ROOTS = [0, -4, 3, -2];
const THIRDS = [3, 4, 4, 4];
const WORDS =
  'The tide comes in, the tide goes out. The harbour lights are burning low. We count the boats that come about, and tell the ones that had to go. A lantern swings above the door. The wind is singing in the wire. And all the songs we sang before are warm as embers in the fire.';

/** Makes a song of speech, drums, bass and chords. Needs the model `flite`, which is fetched. */
export async function makeSong(seconds: number): Promise<Song> {
  const length = Math.round(seconds * RATE);
  const stems = new Map<string, Stereo>([
    ['vocals', centred(await voice(length))],
    ['drums', drums(length)],
    ['bass', centred(bass(length))],
    ['other', chords(length)],
  ]);
  const sum = ([0, 1] as const).map((channel) => {
    const samples = new Float32Array(length);
    for (const stem of stems.values()) add(samples, stem[channel], 0, 1);
    return samples;
  });
  const loudest = sum.reduce(
    (most, samples) => samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), most),
    0,
  );
  const level = 0.9 / loudest;
  const scaled = (sound: Stereo): Stereo => [
    sound[0].map((sample) => sample * level),
    sound[1].map((sample) => sample * level),
  ];
  const [left = new Float32Array(0), right = left] = sum;
  return {
    sampleRate: RATE,
    stems: new Map([...stems].map(([name, sound]) => [name, scaled(sound)])),
    mix: scaled([left, right]),
  };
}

/**
 * How well `made` is `wanted`, in dB, whatever its level: J. Le Roux et al., "SDR – half-baked or well done?",
 * ICASSP 2019. Both channels count as one signal.
 */
export function siSdr(made: Stereo, wanted: Stereo): number {
  let [both, power] = [0, 0];
  for (const channel of [0, 1] as const) {
    for (const [index, sample] of wanted[channel].entries()) {
      both += sample * (made[channel][index] ?? 0);
      power += sample * sample;
    }
  }
  const scale = both / power;
  let rest = 0;
  for (const channel of [0, 1] as const) {
    for (const [index, sample] of wanted[channel].entries()) {
      rest += ((made[channel][index] ?? 0) - scale * sample) ** 2;
    }
  }
  return 10 * Math.log10((scale * scale * power) / rest);
}

async function voice(length: number): Promise<Float32Array> {
  const { path } = await modelPath('flite');
  const flite = await createFlite(path);
  const out = new Float32Array(length);
  try {
    let at = 4 * BEAT;
    for (let turn = 0; at < length; turn += 1) {
      for await (const { samples, sampleRate } of flite.speak(WORDS, {
        voice: turn % 2 ? 'rms' : 'slt',
      })) {
        add(out, resample(samples, sampleRate, RATE), Math.round(at), 1.4);
        at += (samples.length / sampleRate) * RATE;
      }
      at += 4 * BEAT;
    }
  } finally {
    await flite.close();
  }
  return out;
}

function drums(length: number): Stereo {
  const noise = random(7);
  const kick = sound(
    0.3,
    (t) => Math.sin(2 * Math.PI * (45 * t + 6 * (1 - Math.exp(-t * 25)))) * Math.exp(-t * 14),
  );
  const snare = sound(
    0.25,
    (t) => noise() * Math.exp(-t * 22) + 0.4 * Math.sin(2 * Math.PI * 190 * t) * Math.exp(-t * 30),
  );
  let before = 0;
  const hat = sound(0.08, (t) => {
    const now = noise();
    const high = now - before;
    before = now;
    return high * Math.exp(-t * 60);
  });
  const out: Stereo = [new Float32Array(length), new Float32Array(length)];
  for (let beat = 0; beat * BEAT < length; beat += 0.5) {
    const at = Math.round(beat * BEAT);
    for (const [channel, samples] of out.entries()) {
      if (beat % 2 === 0 || beat % 4 === 2.5) add(samples, kick, at, 0.9);
      if (beat % 2 === 1) add(samples, snare, at, 0.5);
      add(samples, hat, at, channel === 0 ? 0.22 : 0.12);
    }
  }
  return out;
}

/** A saw, its high frequencies taken away, on every half beat. */
function bass(length: number): Float32Array {
  const out = new Float32Array(length);
  for (let beat = 0; beat * BEAT < length; beat += 0.5) {
    const frequency = 55 * 2 ** ((ROOTS[Math.floor(beat / 4) % 4] ?? 0) / 12);
    let low = 0;
    const note = sound(0.26, (t) => {
      const saw = 2 * ((frequency * t) % 1) - 1;
      low += 0.08 * (saw - low);
      return low * Math.exp(-t * 3) * Math.min(1, t * 200) * Math.min(1, (0.26 - t) * 50);
    });
    add(out, note, Math.round(beat * BEAT), 0.5);
  }
  return out;
}

/** Plucked strings (K. Karplus, A. Strong, 1983), each note at a place of its own between left and right. */
function chords(length: number): Stereo {
  const noise = random(3);
  const out: Stereo = [new Float32Array(length), new Float32Array(length)];
  for (let beat = 0; beat * BEAT < length; beat += 0.5) {
    const bar = Math.floor(beat / 4) % 4;
    const [root = 0, third = 0] = [ROOTS[bar], THIRDS[bar]];
    const step = [0, third, 7, 12, 7, third, 7, 12][(beat * 2) % 8] ?? 0;
    const period = Math.round(RATE / (220 * 2 ** ((root + step) / 12)));
    const string = Float32Array.from({ length: period }, noise);
    const note = new Float32Array(Math.round(RATE * 1.2));
    for (let index = 0; index < note.length; index += 1) {
      const place = index % period;
      const value = string[place] ?? 0;
      string[place] = 0.498 * (value + (string[(place + 1) % period] ?? 0));
      note[index] = value * Math.min(1, (note.length - index) / 2000);
    }
    const side = ((beat * 2) % 8) / 7;
    add(out[0], note, Math.round(beat * BEAT), 0.8 * (1 - 0.7 * side));
    add(out[1], note, Math.round(beat * BEAT), 0.8 * (0.3 + 0.7 * side));
  }
  return out;
}

function sound(seconds: number, at: (t: number) => number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * RATE) }, (_, index) => at(index / RATE));
}

/** Adds one sound to another one from a place on, as far as that reaches. */
function add(to: Float32Array, what: Float32Array, at: number, level: number): void {
  const end = Math.min(what.length, to.length - at);
  for (let index = 0; index < end; index += 1) {
    to[at + index] = (to[at + index] ?? 0) + (what[index] ?? 0) * level;
  }
}

/** A mono sound in both channels. */
function centred(samples: Float32Array): Stereo {
  return [samples, samples];
}

/** Numbers from -1 to 1, the same each time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}
