import { EXAMPLE_ID } from '../../http/problem';
import { CursorExpiredError } from '../event.errors';

/** What a reader of the log can be answered with, for the description of its routes. */
export const CURSOR_EXPIRED = new CursorExpiredError('evt_01h3z9c7jaf3c8rkhq5mn2wabc', EXAMPLE_ID.event);
