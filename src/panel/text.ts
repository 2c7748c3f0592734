import { english, type PanelText } from './english.ts';
import { french } from './french.ts';
import { language } from './language.ts';

/** Every word that the panel shows, in the person's language. */
export const text: PanelText = language.split('-')[0] === 'fr' ? french : english;
