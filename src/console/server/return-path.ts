import { CONSOLE_ROOT } from '../console-root';

/**
 * Where somebody is taken after signing in: the page that was asked for, if it is one of the console, else the overview. A path
 * is read as browsers read it, to which `//host`, `/\host` and `/console/..//host` are other places.
 */
export function returnPath(given: string | null | undefined): string {
  if (!given || !/^\/console(?![\w.-])[\x21-\x7e]*$/.test(given) || given.includes('\\')) return CONSOLE_ROOT;
  const base = 'http://console.invalid';
  if (!URL.canParse(given, base)) return CONSOLE_ROOT;
  const { origin, pathname, search } = new URL(given, base);
  const isInside = origin === base && (pathname === CONSOLE_ROOT || pathname.startsWith(`${CONSOLE_ROOT}/`));
  const isPlain = !pathname.includes('//') && !/%(2f|5c|2e)/i.test(pathname);
  return isInside && isPlain ? pathname + search : CONSOLE_ROOT;
}
