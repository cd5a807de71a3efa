import type { Check } from '../check';
import { DATABASE_CHECK, MIGRATIONS_CHECK } from './database.check';
import { ENCRYPTION_KEYS_CHECK } from './encryption-keys.check';
import {
  DEAD_LETTER_CHECK,
  PROJECT_CHECK,
  PUBLISHER_CHECK,
  SERVICE_ACCOUNT_CHECK,
  SUBSCRIPTION_CHECK,
  TOPIC_CHECK,
} from './google.checks';
import { CLOCK_CHECK, PUBLIC_URL_CHECK } from './reachability.checks';
import { MAILBOXES_CHECK, PUSH_CHECK, SERVICE_CHECK, WATCHES_CHECK } from './service.checks';
import { SETTINGS_CHECK } from './settings.check';

/** Every check, in the order in which a person mends things. */
export const ALL_CHECKS: readonly Check[] = [
  SETTINGS_CHECK,
  DATABASE_CHECK,
  MIGRATIONS_CHECK,
  ENCRYPTION_KEYS_CHECK,
  PUBLIC_URL_CHECK,
  CLOCK_CHECK,
  PROJECT_CHECK,
  TOPIC_CHECK,
  PUBLISHER_CHECK,
  SERVICE_ACCOUNT_CHECK,
  SUBSCRIPTION_CHECK,
  DEAD_LETTER_CHECK,
  SERVICE_CHECK,
  WATCHES_CHECK,
  MAILBOXES_CHECK,
  PUSH_CHECK,
];
