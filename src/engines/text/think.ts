/**
 * Leaves out what a model thinks aloud before its answer (`<think>...</think>` at the beginning):
 * give it each piece; it gives what belongs to the answer.
 */
export function withoutThoughts(): (piece: string) => string {
  let state: 'start' | 'thinking' | 'answer' = 'start';
  let held = '';
  return (piece) => {
    if (state === 'answer') return piece;
    held += piece;
    if (state === 'start') {
      const begun = held.trimStart();
      if ('<think>'.startsWith(begun.slice(0, 7)) && begun.length < 7) return '';
      state = begun.startsWith('<think>') ? 'thinking' : 'answer';
    }
    if (state === 'thinking') {
      const end = held.indexOf('</think>');
      if (end < 0) return '';
      held = held.slice(end + '</think>'.length).trimStart();
      state = 'answer';
    }
    const answer = held;
    held = '';
    return answer;
  };
}
