export const SESSION_COOKIE = 'inboxwire_session';
