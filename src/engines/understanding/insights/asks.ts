import { type Place, type Source, sentencePlace } from '../source.ts';

type Sentence = Place & { readonly text: string };

/** A question is known by its mark, in any language; where that is missing, in English by its first words. */
const QUESTION_MARK = /[?？؟](?=["'”’»)\]]*$)/u;
const ENGLISH_QUESTION =
  /^(?:and |but |so |then |well,? )?(?:(?:who|what|when|where|why|which|how)(?:'s|’s| (?:is|are|was|were|do|does|did|will|would|can|could|should|shall|many|much|long|often|about))|(?:is|are|was|were|do|does|did|will|would|can|could|should|shall|have|has|had) (?:i|you|he|she|it|we|they|this|that|there|the|anyone|anybody|someone)) /i;

/** The sentences that ask something. */
export function questionsIn({ passages, language }: Source): Sentence[] {
  const english = language.startsWith('en');
  return passages
    .filter(({ text }) => {
      if (QUESTION_MARK.test(text)) return true;
      return english && ENGLISH_QUESTION.test(text) && !/[.!]["'”’)]*$/.test(text);
    })
    .map(sentencePlace);
}

/**
 * What people say when they take something on or ask for it. Words for what is not going to be done, or was done,
 * are in `NONE`.
 */
const ACTIONS = [
  /\b(?:i|we|he|she|they|you|[A-Z][a-z]+)(?: will|'ll|’ll| shall| am going to| are going to| is going to|'m going to|’re going to) (?:also |then |now |just |please |immediately |personally )?(?:send|write|call|check|make|prepare|finish|ask|talk|speak|bring|buy|order|book|schedule|organi[sz]e|arrange|review|update|fix|test|share|set up|look into|follow up|get back|find|draft|contact|email|e-mail|invite|plan|confirm|deliver|submit|create|add|remove|move|take care|report|present|collect|measure|sign|pay|hire|meet)\b/i,
  /\b(?:need|needs|have|has|ought) to (?!be (?:fair|honest)\b)[a-z]+/i,
  /\b(?:must|should) (?!(?:have|be|not)\b)[a-z]+/i,
  /^(?:please|let's|let us|make sure|remember to|don't forget to|be sure to)\b/i,
  /\b(?:please (?:send|write|call|check|make|prepare|finish|ask|bring|order|book|review|update|share|find|confirm|add)|make sure|remember to|don't forget to)\b/i,
  /\b(?:action item|to-do|todo|next steps?|deadline)\b/i,
  /\b(?:is|are) (?:due|responsible for|in charge of)\b/i,
] as const;

const NONE =
  /\b(?:used to|had to|would have|should have|if only|don't need to|do not need to|doesn't need to|no need to)\b/i;

/** Who is to do it, and until when, where the sentence says so. */
const DEADLINE =
  /\b(?:by|before|until|on|due) ((?:next |this |the end of )?(?:today|tonight|tomorrow|noon|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|quarter|year|(?:the )?(?:\w+ (?:of )?)?(?:january|february|march|april|may|june|july|august|september|october|november|december)(?: \d{1,2}(?:st|nd|rd|th)?)?))\b/i;

/** A sentence that says what is to be done. */
export interface Action extends Place {
  readonly text: string;
  /** Until when, in the words of the sentence. */
  readonly due?: string;
}

/** The sentences of an English text that say what somebody is to do. They are found by how people put it. */
export function actionsIn(source: Source): Action[] {
  const questions = new Set(questionsIn(source).map(({ from }) => from));
  return source.passages
    .filter(({ text, from }) => {
      if (questions.has(from) || NONE.test(text)) return false;
      return ACTIONS.some((pattern) => pattern.test(text));
    })
    .map((passage) => {
      const due = DEADLINE.exec(passage.text)?.[1];
      return { ...sentencePlace(passage), ...(due === undefined ? {} : { due }) };
    });
}
