/** A time in a recording for people: `0:42`, `12:05`, `1:02:33`. It is never later than what is said there. */
export function timeOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

/**
 * A link to a time of a recording, in Markdown, by a media fragment (https://www.w3.org/TR/media-frags/); the time
 * alone where there is no recording.
 *
 * @param recording its address, relative to the page
 */
export function timeLink(seconds: number | undefined, recording: string | undefined): string {
  if (seconds === undefined) return '';
  const time = timeOf(seconds);
  if (recording === undefined) return time;
  return `[${time}](${recording}#t=${Math.floor(seconds * 10) / 10})`;
}

/** A text of a recording inside Markdown: it says nothing to the reader of the page but its words. */
export function plainInMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~!$&]/g, (mark) => `\\${mark}`);
}
