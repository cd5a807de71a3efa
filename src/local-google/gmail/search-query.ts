import type { LabelBook } from '../mailbox/labels';
import type { StoredMessage } from '../mailbox/stored-message';

export interface Search {
  matches: (message: StoredMessage) => boolean;
  /** Whether it searches a label that is hidden otherwise (SPAM, TRASH). */
  reaches: (label: string) => boolean;
}

const PLACES: Record<string, string> = { DRAFTS: 'DRAFT', BIN: 'TRASH', UNREAD: 'UNREAD', READ: '!UNREAD' };

/** The operators that matter here: https://support.google.com/mail/answer/7190. All terms must hold; `-` negates. */
export function parseSearch(q: string, labels: LabelBook): Search {
  const terms = q.match(/-?\w+:"[^"]*"|"[^"]*"|\S+/g) ?? [];
  const places = new Set(terms.map((term) => /^in:(\w+)$/i.exec(term)?.[1]?.toUpperCase()));
  const tests = terms.map((term) => testOf(term, labels));
  return {
    matches: (message) => tests.every((test) => test(message)),
    reaches: (label) =>
      places.has('ANYWHERE') || places.has(label) || (label === 'TRASH' && places.has('BIN')),
  };
}

type Test = (message: StoredMessage) => boolean;

function testOf(term: string, labels: LabelBook): Test {
  if (term.startsWith('-') && term.length > 1) {
    const positive = testOf(term.slice(1), labels);
    return (message) => !positive(message);
  }
  const [, operator = '', value = ''] = /^(\w+):(.*)$/s.exec(term) ?? [];
  const plain = value.replaceAll('"', '');
  switch (operator.toLowerCase()) {
    case 'after':
    case 'newer':
      return (message) => message.internalDate >= timeOf(plain);
    case 'before':
    case 'older':
      return (message) => message.internalDate < timeOf(plain);
    case 'in':
    case 'is':
      return placeTest(plain.toUpperCase());
    case 'label':
      return labelTest(plain, labels);
    case 'rfc822msgid':
      return (message) => message.rfc822MessageId?.replaceAll(/[<>]/g, '') === plain.replaceAll(/[<>]/g, '');
    default:
      return textTest(term.replaceAll('"', ''));
  }
}

function placeTest(place: string): Test {
  if (place === 'ANYWHERE') return () => true;
  const label = PLACES[place] ?? place;
  return label.startsWith('!')
    ? (message) => !message.labelIds.has(label.slice(1))
    : (message) => message.labelIds.has(label);
}

function labelTest(name: string, labels: LabelBook): Test {
  const id = labels.byName(name)?.id ?? labels.byName(name.replaceAll('-', ' '))?.id ?? name;
  return (message) => message.labelIds.has(id);
}

function textTest(text: string): Test {
  const wanted = text.toLowerCase();
  return (message) => message.raw.toString('utf8').toLowerCase().includes(wanted);
}

/** Seconds since 1970, or a date (`2026/05/01`, `2026-05-01`) at midnight UTC. */
function timeOf(text: string): number {
  return /^\d{9,}$/.test(text) ? Number(text) * 1000 : Date.parse(`${text.replaceAll('/', '-')}T00:00:00Z`);
}
