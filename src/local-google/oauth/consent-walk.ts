import type { Browser } from './browser';

export interface ConsentChoice {
  account: string;
  approve?: boolean;
  /** The permissions left ticked; all of them by default. */
  grantedScopes?: readonly string[];
}

/**
 * What a user does in the browser: opens the page (following redirects to it), ticks, answers.
 * Returns where Google sends them.
 */
export async function walkConsent(authUrl: string, choice: ConsentChoice, browser: Browser): Promise<string> {
  const { url, answer: page } = await browser.open(authUrl);
  const markup = await page.text();
  if (page.status !== 200) throw new Error(`The consent page answered ${page.status}: ${textOf(markup)}`);
  const offered = [...markup.matchAll(/name="scope" value="([^"]*)"/g)].map((match) => match[1] ?? '');
  const form = new URLSearchParams({
    account: choice.account,
    decision: (choice.approve ?? true) ? 'approve' : 'deny',
  });
  const ticked = offered.filter((scope) => choice.grantedScopes?.includes(scope) ?? true);
  ticked.forEach((scope) => form.append('scope', scope));
  const answer = await browser.visit(url, { method: 'POST', body: form });
  const location = answer.headers.get('location');
  if (location === null)
    throw new Error(`The consent form answered ${answer.status}: ${textOf(await answer.text())}`);
  await answer.body?.cancel();
  return location;
}

function textOf(markup: string): string {
  return markup
    .replaceAll(/<style>[^<]*<\/style>|<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
