import { escapeHtml } from './panel-html.ts';

/** Why a browser is asked to sign in. */
export type SignInReason = 'first' | 'oldLink' | 'wrongToken';

const ENGLISH = {
  title: 'Sign in to Sluice',
  oldLink: 'This link was used already, or is too old.',
  wrongToken: 'That is not the token of this server.',
  hint: 'Whoever started the server has its token, and a link that needs none.',
  token: 'Token',
  enter: 'Sign in',
  entering: 'Opening Sluice…',
};

const FRENCH: typeof ENGLISH = {
  title: 'Se connecter à Sluice',
  oldLink: 'Ce lien a déjà servi, ou il est trop ancien.',
  wrongToken: 'Ce n’est pas le jeton de ce serveur.',
  hint: 'La personne qui a démarré le serveur a son jeton, et un lien qui n’en demande pas.',
  token: 'Jeton',
  enter: 'Se connecter',
  entering: 'Ouverture de Sluice…',
};

/** The page that asks for the token. */
export function signInHtml(reason: SignInReason, language: string): string {
  const words = wordsIn(language);
  const why = reason === 'first' ? '' : `<p role="alert">${escapeHtml(words[reason])}</p>`;
  return plainPage(
    language,
    words.title,
    `<form class="sign-in" method="post" action="session">
<img src="assets/icon.svg" alt="" width="40" height="40">
<h1>${escapeHtml(words.title)}</h1>
${why}
<label for="token">${escapeHtml(words.token)}</label>
<input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required autofocus>
<button type="submit">${escapeHtml(words.enter)}</button>
<p class="hint">${escapeHtml(words.hint)}</p>
</form>`,
  );
}

/**
 * The page that leads on to the panel. A redirect would be a part of the way from another site, on which a browser
 * does not send the cookie.
 */
export function enteringHtml(language: string): string {
  const { entering } = wordsIn(language);
  return plainPage(
    language,
    'Sluice',
    `<p class="sign-in">${escapeHtml(entering)}</p>`,
    '<meta http-equiv="refresh" content="0; url=./">\n',
  );
}

function wordsIn(language: string): typeof ENGLISH {
  return language === 'fr' ? FRENCH : ENGLISH;
}

function plainPage(language: string, title: string, body: string, head = ''): string {
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}<title>${escapeHtml(title)}</title>
<link rel="icon" href="assets/icon.svg">
<link rel="stylesheet" href="assets/page.css">
</head>
<body class="plain">
<main>
${body}
</main>
</body>
</html>
`;
}
