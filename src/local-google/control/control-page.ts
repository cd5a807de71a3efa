import type { GoogleState } from '../google-state';
import { escapeHtml } from '../http/exchange';

const STYLE = `
  :root { color-scheme: light dark }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem; max-width: 44rem }
  h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
  label { display: block; margin: .6rem 0 }
  input, select, textarea, button { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem .6rem }
  button { width: auto; padding: .4rem 1.2rem; cursor: pointer }
  table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #8884 }
  td { overflow-wrap: anywhere }`;

/** Sends the form as JSON, since the API takes nothing else from a browser. */
const SCRIPT = `
  const form = document.querySelector('form');
  const said = document.querySelector('output');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = JSON.stringify(Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== '')));
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('/control/messages', { method: 'POST', headers, body });
    const { id, error } = await answer.json();
    said.textContent = answer.ok ? 'Delivered: message ' + id : error;
  });`;

/** A small page to send a mail of one's own from. */
export function controlPage(state: GoogleState): string {
  const mailboxes = state.mailboxes.all();
  const options = mailboxes.map(({ address }) => `<option>${escapeHtml(address)}</option>`).join('');
  const rows = mailboxes.map(({ address, messages, watch }) => {
    const until =
      watch === null ? 'not watched' : `watched until ${new Date(watch.expiration).toISOString()}`;
    return `<tr><td>${escapeHtml(address)}<td>${messages.size}<td>${until}`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Local Google</title><style>${STYLE}</style>
<h1>Local Google</h1>
<p>Stands in for Google on this machine. Nothing of it leaves the machine.</p>
<h2>Send a mail</h2>
<form>
  <label>To <select name="emailAddress">${options}</select></label>
  <label>From <input name="from" value="Bob Martin &lt;bob@example.net&gt;"></label>
  <label>Subject <input name="subject" value="Hello" autofocus></label>
  <label>Text <textarea name="text" rows="4">Hi there.</textarea></label>
  <button>Send</button> <output role="status"></output>
</form>
<h2>Accounts</h2>
<table><tr><th>Address<th>Messages<th>Watch${rows.join('')}</table>
<h2>More</h2>
<p><a href="/control">/control</a> describes the JSON API: labels, faults, expired history, refused tokens, consents.</p>
<script>${SCRIPT}</script></html>`;
}
