/** Below which all pages are. */
export const CONSOLE_ROOT = '/console';
