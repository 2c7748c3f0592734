import { isEnglish } from '../../speech/voice.ts';
import type { Place, Source } from '../source.ts';
import { type Action, actionsIn, questionsIn } from './asks.ts';
import { type Mood, moodOf } from './mood.ts';
import { type Pace, paceOf } from './pace.ts';
import { type KeyPhrase, keyPhrases } from './phrases.ts';

/** `insights.json`: see docs/recordings.md. What cannot be told of a language is not there. */
export interface Insights {
  readonly version: 1;
  readonly language: string;
  readonly phrases?: readonly KeyPhrase[];
  readonly mood?: Mood;
  readonly pace?: Pace;
  readonly questions: readonly (Place & { readonly text: string })[];
  readonly actions?: readonly Action[];
}

export function insightsOf(source: Source, phrases: number): Insights {
  const english = isEnglish(source.language);
  const pace = paceOf(source);
  return {
    version: 1,
    language: source.language,
    ...(english ? { phrases: keyPhrases(source, phrases), mood: moodOf(source) } : {}),
    ...(pace === undefined ? {} : { pace }),
    questions: questionsIn(source),
    ...(english ? { actions: actionsIn(source) } : {}),
  };
}
