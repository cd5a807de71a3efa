/** Ways in which Google behaves differently from day to day. Plain fields: set them whenever needed. */
export interface Switches {
  /** Overlapping refreshes of one grant, each taking this long, fail with `invalid_grant`; null allows them. */
  strictRefreshMs: number | null;
  /** How long a watch lives. */
  watchTtlMs: number;
  /** How long history stays readable. */
  historyRetentionMs: number;
  /** So many empty pages with a `nextPageToken` come before each page of history, and one after the last. */
  emptyHistoryPages: number;
  /** Notifications come for changes outside the watch's labels too. */
  ignoreLabelFilter: boolean;
  /** History does not say which labels a deleted message had. */
  deletionsWithoutLabels: boolean;
  /** `historyId` in notifications is a JSON number. */
  numericHistoryIds: boolean;
  /** At most one notification a second for a user, by the local Google's clock; the rest are dropped. */
  oneNotificationPerSecond: boolean;
  /** How long each Gmail call takes, so that calls overlap. */
  latencyMs: number;
  /** The parts of a batch are answered in any order. */
  shuffleBatch: boolean;
  /** So many parts of a batch are answered; those after them are refused with 429. Null: all are answered. */
  batchPartsAnswered: number | null;
  /** Texts are not sent with their message: they have an attachment id, as very large ones do. */
  externalTexts: boolean;
  /** How the consent page is answered: by a person, or by itself for the account, the login hint or the first account. */
  consent: { decision: 'ask' | 'approve' | 'deny'; account?: string | undefined };
  /** Text bodies keep the charset of the mail instead of being turned into UTF-8. */
  originalCharsets: boolean;
}

const WEEK_MS = 7 * 86_400_000;

export function defaultSwitches(): Switches {
  return {
    strictRefreshMs: null,
    watchTtlMs: WEEK_MS,
    historyRetentionMs: WEEK_MS,
    emptyHistoryPages: 0,
    ignoreLabelFilter: false,
    deletionsWithoutLabels: false,
    numericHistoryIds: false,
    oneNotificationPerSecond: false,
    latencyMs: 0,
    shuffleBatch: false,
    batchPartsAnswered: null,
    externalTexts: false,
    consent: { decision: 'ask' },
    originalCharsets: false,
  };
}
