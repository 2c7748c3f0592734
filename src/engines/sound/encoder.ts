import type { Channels } from './resample.ts';

/** What a sound file says about itself. */
export interface SoundTags {
  readonly title?: string | undefined;
  /** `3/12`, counted from 1. */
  readonly track?: string | undefined;
  readonly album?: string | undefined;
  readonly software?: string | undefined;
}

export interface EncoderOptions {
  /** Hz. */
  readonly sampleRate: number;
  /** 1 or 2. */
  readonly channels: number;
  /** Of a sample, for WAV (32 are floats) and FLAC (at most 24). */
  readonly bits: SampleBits;
  readonly tags: SoundTags;
  /** kbit/s, where the format has one. */
  readonly bitrate?: number | undefined;
}

/** 16 and 24 are whole numbers. */
export type SampleBits = 16 | 24 | 32;

/** Bytes to write over those that the file has at a place: lengths are known only at the end. */
export interface Patch {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Turns samples (-1 to 1) into the bytes of one file, as they come. */
export interface SoundEncoder {
  encode(channels: Channels): Promise<Uint8Array>;
  /** The last bytes, and what to correct in the header. */
  finish(): Promise<{ bytes: Uint8Array; patches: readonly Patch[] }>;
  /** Lets go of the encoder without its last bytes. */
  free(): void;
}

/** The tags that have a value, as a plain record. */
export function presentTags(tags: SoundTags): Record<string, string> {
  const entries = Object.entries(tags).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries);
}
