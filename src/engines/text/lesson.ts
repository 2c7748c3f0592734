import { languageName } from './prompt.ts';

/** What a lesson is to be like. */
export interface LessonWish {
  /** What it is about. */
  readonly topic: string;
  /** Whom it is for. */
  readonly level: string;
  /** Code of the language. */
  readonly language: string;
  /** Words in all, about. */
  readonly words: number;
}

/** A part of a lesson: asked for by itself, in one conversation, so that small models keep the form too. */
export interface LessonPart {
  /** What stands above the part in Markdown, and its mark. */
  readonly heading: string;
  readonly prompt: string;
  readonly words: number;
}

const PARTS = ['objective', 'explanation', 'example', 'recap', 'question'] as const;

type Part = (typeof PARTS)[number];

/** Shares of the words. */
const SHARES: Readonly<Record<Part, number>> = {
  objective: 0.12,
  explanation: 0.45,
  example: 0.2,
  recap: 0.15,
  question: 0.08,
};

/** Asked as a class asks: small models answer such questions best, and repeat instructions. */
const ASKED: Readonly<Record<Part, string>> = {
  objective: 'Say what we will learn today.',
  explanation: 'Explain it to us in simple words.',
  example: 'What is an example of it from daily life?',
  recap: 'What are the most important things to remember about it?',
  question: 'Ask us one question about it. Do not tell us the answer.',
};

const HEADINGS: Readonly<Record<string, Readonly<Record<Part, string>>>> = {
  en: {
    objective: 'Objective',
    explanation: 'Explanation',
    example: 'Example',
    recap: 'Recap',
    question: 'Question',
  },
  fr: {
    objective: 'Objectif',
    explanation: 'Explication',
    example: 'Exemple',
    recap: 'Résumé',
    question: 'Question',
  },
  de: {
    objective: 'Ziel',
    explanation: 'Erklärung',
    example: 'Beispiel',
    recap: 'Zusammenfassung',
    question: 'Frage',
  },
  es: {
    objective: 'Objetivo',
    explanation: 'Explicación',
    example: 'Ejemplo',
    recap: 'Resumen',
    question: 'Pregunta',
  },
  zh: {
    objective: '目标',
    explanation: '讲解',
    example: '例子',
    recap: '小结',
    question: '问题',
  },
};

/** What the model is told before all parts of a lesson. */
export function lessonSystem({ level, language }: LessonWish): string {
  return `You are a teacher. You speak to ${level} in clear sentences, in ${languageName(language)}.`;
}

/** The parts of a lesson, in order. The words of a prompt are English, whatever is to be written. */
export function lessonParts({ topic, language, words }: LessonWish): LessonPart[] {
  const headings = HEADINGS[language.slice(0, 2).toLowerCase()] ?? HEADINGS['en'];
  return PARTS.map((part, index) => {
    const some = Math.max(8, Math.round(words * SHARES[part]));
    const topicLine = index === 0 ? `Today's topic: ${topic}\n\n` : '';
    return {
      heading: `## ${headings?.[part] ?? part}\n\n`,
      prompt: `${topicLine}${ASKED[part]}`,
      words: some,
    };
  });
}

/** The title of a lesson as Markdown: a topic that is one short line. */
export function lessonTitle(topic: string): string {
  const line = topic.trim();
  return line.length <= 80 && !line.includes('\n') ? `# ${line}\n\n` : '';
}

/** The texts of the parts of a lesson that has been begun; the last one may not be whole. */
export function begunParts(begun: string, parts: readonly LessonPart[]): string[] {
  const texts: string[] = [];
  let at = 0;
  for (const { heading } of parts) {
    const found = begun.indexOf(heading, at);
    if (found < 0) break;
    if (texts.length > 0) texts.push((texts.pop() ?? '').slice(0, found - at).trimEnd());
    at = found + heading.length;
    texts.push(begun.slice(at));
  }
  return texts;
}
