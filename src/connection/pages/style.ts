import { readable, textOn } from './contrast';

const LIGHT = {
  page: '#f4f5f7',
  surface: '#ffffff',
  text: '#1b1d21',
  muted: '#565d66',
  line: '#dfe3e8',
  good: '#0b7a45',
  bad: '#b3261e',
};
const DARK = {
  page: '#111316',
  surface: '#1a1d21',
  text: '#e8eaed',
  muted: '#a7aeb8',
  line: '#30353c',
  good: '#5fd18f',
  bad: '#f2968f',
};

/** https://developers.google.com/identity/branding-guidelines: the light and the dark theme of Google's button. */
const GOOGLE_LIGHT = { fill: '#ffffff', stroke: '#747775', text: '#1f1f1f' };
const GOOGLE_DARK = { fill: '#131314', stroke: '#8e918f', text: '#e3e3e3' };

function tokens(theme: typeof LIGHT, google: typeof GOOGLE_LIGHT, accent: string): string {
  const all = {
    ...theme,
    link: readable(accent, theme.surface),
    'google-fill': google.fill,
    'google-stroke': google.stroke,
    'google-text': google.text,
  };
  return Object.entries(all)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/** @param accent #rrggbb */
export function styleOf(accent: string): string {
  return `
:root{color-scheme:light dark;${tokens(LIGHT, GOOGLE_LIGHT, accent)};--accent:${accent};--on-accent:${textOn(accent)}}
@media (prefers-color-scheme:dark){:root{${tokens(DARK, GOOGLE_DARK, accent)}}}
${RULES}`;
}

const RULES = `
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;align-items:center;background:var(--page);
 color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI","Hiragino Sans","Noto Sans JP",sans-serif;-webkit-text-size-adjust:100%}
main{width:100%;max-width:30rem;background:var(--surface);padding:1.75rem 1.25rem;flex:1 0 auto}
header{display:flex;align-items:center;gap:.75rem;font-weight:600;min-width:0;margin-bottom:1.5rem}
header span{min-width:0;overflow-wrap:anywhere;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
.logo{max-height:2.5rem;max-width:9rem;object-fit:contain;flex:none}
.letter{flex:none;display:grid;place-items:center;width:2.5rem;height:2.5rem;border-radius:.75rem;background:var(--accent);
 color:var(--on-accent);font-size:1.125rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere;text-wrap:balance}
h2{font-size:.9375rem;line-height:1.4;margin:1.5rem 0 .5rem;font-weight:600;overflow-wrap:anywhere}
p{margin:0 0 .75rem;overflow-wrap:anywhere}
ul{list-style:none;margin:0;padding:0}
li{display:flex;gap:.625rem;padding:.3125rem 0;overflow-wrap:anywhere}
li svg{flex:none;width:1.25rem;height:1.25rem;margin-top:.125rem}
.can svg{color:var(--good)}
.cannot,.cannot svg{color:var(--muted)}
.lead{color:var(--muted)}
.next{margin-top:1.5rem;padding-top:1.25rem;border-top:1px solid var(--line)}
.small{font-size:.875rem;color:var(--muted)}
.mark{width:3rem;height:3rem;display:block;margin-bottom:1rem}
.mark.good{color:var(--good)}
.mark.bad{color:var(--bad)}
form{margin:1.25rem 0}
a{color:var(--link);text-underline-offset:.15em}
.google{display:flex;align-items:center;width:100%;max-width:25rem;margin:0 auto;min-height:2.75rem;padding:.25rem .75rem;border-radius:1.375rem;
 border:1px solid var(--google-stroke);background:var(--google-fill);color:var(--google-text);cursor:pointer;
 font:500 .9375rem/1.25 Roboto,Arial,sans-serif;letter-spacing:.25px}
.google svg{flex:none;width:1.25rem;height:1.25rem}
.google span{flex:1;padding:0 .75rem;text-align:center}
.google:hover{box-shadow:0 1px 2px rgba(60,64,67,.3),0 1px 3px 1px rgba(60,64,67,.15)}
.button{display:inline-flex;align-items:center;justify-content:center;min-height:2.75rem;padding:.5rem 1.5rem;border-radius:1.375rem;
 background:var(--accent);color:var(--on-accent);font-weight:600;text-decoration:none;margin:.5rem 0 1rem;max-width:100%;overflow-wrap:anywhere}
.button:hover{text-decoration:underline}
:focus-visible{outline:3px solid var(--link);outline-offset:3px}
code{font:.8125rem ui-monospace,Menlo,Consolas,monospace}
footer{width:100%;max-width:30rem;padding:1rem 1.25rem 1.5rem;font-size:.875rem;display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;background:var(--surface)}
@media (min-width:32rem){
 body{justify-content:center;padding:2rem 1rem}
 main{flex:none;padding:2.25rem 2.25rem 1.75rem;border:1px solid var(--line);border-radius:1.25rem;box-shadow:0 1px 2px rgba(0,0,0,.04)}
 footer{background:none;padding:1rem 2.25rem 0}
}
@media (forced-colors:active){.letter,.button{border:1px solid}}
@media print{footer,.google,.button{display:none}}
`;
