import { escapeHtml } from '../http/exchange';
import { isIdentityScope, scopeTitle } from './scopes';

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; background: #f0f4f9; color: #1f1f1f; margin: 0 }
  main { max-width: 30rem; margin: 8vh auto; background: #fff; border-radius: 1.25rem; padding: 2rem 2.5rem }
  h1 { font-size: 1.4rem; font-weight: 500; margin-top: 0 }
  fieldset { border: 1px solid #dde3ea; border-radius: .75rem; margin: 1rem 0; padding: .5rem 1rem }
  label { display: block; padding: .35rem 0 }
  small, code { color: #5f6368; overflow-wrap: anywhere }
  .actions { display: flex; justify-content: flex-end; gap: .75rem; margin-top: 1.5rem }
  button { font: inherit; border: 0; border-radius: 2rem; padding: .5rem 1.5rem; cursor: pointer }
  button[value=approve] { background: #0b57d0; color: #fff }`;

export interface ConsentView {
  clientId: string;
  accounts: readonly string[];
  chosen: string | null;
  scopes: readonly string[];
}

/** Account choice, permissions and the two answers on one page; the form posts back to the same address. */
export function consentPage(view: ConsentView): string {
  const permissions = view.scopes.filter((scope) => !isIdentityScope(scope));
  return page(
    'Sign in – local Google',
    `<h1>An application wants access to your Google Account</h1>
    <small>${escapeHtml(view.clientId)}</small>
    <form method="post">
      <fieldset><legend>Choose an account</legend>${view.accounts.map((a) => accountChoice(a, view)).join('')}</fieldset>
      <fieldset><legend>It asks to</legend>${permissions.map(scopeChoice).join('') || 'know your e-mail address'}</fieldset>
      <div class="actions">
        <button name="decision" value="deny">Cancel</button>
        <button name="decision" value="approve">Continue</button>
      </div>
    </form>`,
  );
}

export function refusalPage(status: number, error: string, explanation: string): string {
  return page(
    `Error ${status}: ${error}`,
    `<h1>Access blocked: this app’s request is invalid</h1>
    <p>${escapeHtml(explanation)}</p><p><code>Error ${status}: ${escapeHtml(error)}</code></p>`,
  );
}

function accountChoice(address: string, view: ConsentView): string {
  const chosen = (view.chosen ?? view.accounts[0])?.toLowerCase() === address.toLowerCase() ? ' checked' : '';
  const value = escapeHtml(address);
  return `<label><input type="radio" name="account" value="${value}" required${chosen}> ${value}</label>`;
}

function scopeChoice(scope: string): string {
  const value = escapeHtml(scope);
  return `<label><input type="checkbox" name="scope" value="${value}" checked> ${escapeHtml(scopeTitle(scope))}<br><small>${value}</small></label>`;
}

function page(title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title>
<style>${STYLE}</style></head><body><main>${content}</main></body></html>`;
}
