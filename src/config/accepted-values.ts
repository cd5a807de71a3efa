import { LANGUAGES } from './settings';

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function isOrigin(url: URL): boolean {
  return url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
}

export function acceptsPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

/** An http or https origin. Plain http is left to the operator: a proxy may end TLS, and development has none. */
export function acceptsPublicUrl(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && /^https?:$/.test(url.protocol) && isOrigin(url);
}

/** Google's replacement carries tokens, so `http:` is accepted for loopback only. */
export function acceptsGoogleOrigin(text: string): boolean {
  const url = parseUrl(text);
  if (url === undefined || !isOrigin(url)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
}

/** Pages and pictures that owners of mailboxes are shown: https, or http on this machine for development. */
export function acceptsPageUrl(text: string): boolean {
  const url = parseUrl(text);
  if (url === undefined || url.username || url.password || /[\s\p{Cc}]/u.test(text)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
}

/** A list as people write it: `en, de`. */
export function splitList(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** Each once, in the order of the operator's preference. */
export function acceptsLanguages(text: string): boolean {
  const given = splitList(text);
  return (
    given.every((one) => LANGUAGES.some((known) => known === one)) && new Set(given).size === given.length
  );
}

/** Many write `host:port` and leave the scheme out. */
export function proxyUrl(text: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
}

export function acceptsProxy(text: string): boolean {
  const url = parseUrl(proxyUrl(text));
  return url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== '';
}

/** 0 turns the limit off. */
export function acceptsRateLimit(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

/** With less, a few things that take long would keep everything else waiting. */
export function acceptsPoolSize(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) >= 5;
}

/** With less, a hundred messages, which are read and committed together, would hardly ever fit. */
export function acceptsUnits(text: string): boolean {
  return /^\d{4,9}$/.test(text) && Number(text) >= 3_000;
}
