import { corpusMail } from '../../src/local-google/corpus';
import type { MailInput } from '../../src/local-google/mailbox/mail-input';

const WRITTEN: MailInput[] = [
  { from: 'Bob Martin <bob@acme.example>', subject: 'Lunch on Friday?', text: 'The new place by the canal?' },
  {
    from: 'Billing <billing@shop.example>',
    subject: 'Your receipt #20391',
    text: 'Thank you for your order.',
  },
  {
    from: 'Mia Chen <mia@acme.example>',
    subject: 'Draft of the roadmap',
    text: 'Comments until Tuesday, please.',
  },
  { from: 'CI <ci@build.example>', subject: 'Build 1842 is green again', text: 'All 512 tests passed.' },
  { from: 'Tariq Aziz <tariq@partner.example>', subject: 'Contract, second round', text: 'See clause 4.' },
  { from: 'Airline <no-reply@fly.example>', subject: 'Your boarding pass', text: 'Gate opens at 07:40.' },
  { from: 'Noor <noor@acme.example>', subject: 'Who has the projector?', text: 'It is not in room 3.' },
  { from: 'Weekly <digest@news.example>', subject: 'The week in ten lines', text: 'Line one.' },
  { from: 'Zoë Ågren <zoe@nord.example>', subject: 'Räkmacka på lördag? 🦐', text: 'Svara gärna.' },
];

/** Real mail is stranger than what one makes up: charsets, attachments, forwarded and broken mail. */
const CORPUS = [
  'attachment-pdf',
  'html-alternative',
  'inline-image',
  'forwarded-mail',
  'subject-utf8',
  'subject-iso-2022-jp',
  'subject-windows-1252',
  'headers-rfc6532',
  'delivery-report',
];

const MAILS: MailInput[] = [...WRITTEN, ...CORPUS.map((name) => ({ raw: corpusMail(name) }))];

/** Mails in turn, so that none comes twice in a row; a step that shares no factor with their number mixes them. */
export function mailNumber(n: number): MailInput {
  return MAILS[(n * 5) % MAILS.length]!;
}

export const ANSWERS: MailInput[] = [
  { from: 'Mia Chen <mia@acme.example>', text: 'Works for me.' },
  { from: 'Bob Martin <bob@acme.example>', text: 'Give me a day, then yes.' },
  { from: 'Noor <noor@acme.example>', text: 'Found it, thank you!' },
];
