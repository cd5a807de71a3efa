import { styleText } from 'node:util';
import type { ChangeLedger } from '../support/sync/change-ledger';
import { percentile } from '../support/percentile';

export interface Addresses {
  origin: string;
  apiKey: string;
  apiKeyFile: string;
  googleOrigin: string;
  receiverUrl: string;
  logFile: string;
  addresses: readonly string[];
}

/** What one is looking at, and what to try meanwhile. */
export function header(addresses: Addresses): string {
  const row = (name: string, text: string) => `  ${styleText('dim', name.padEnd(11))}${text}`;
  const authorization = `-H "Authorization: Bearer ${addresses.apiKey}"`;
  return [
    '',
    styleText('bold', 'Inboxwire: Gmail push → ordered event log → signed webhooks'),
    '',
    `  Mail arrives in ${addresses.addresses.join(' and ')} at a local Google. Each change is pushed to`,
    '  the gateway as a signed Pub/Sub message, read from the history, logged, and delivered to a sample receiver,',
    '  which verifies the signature and prints one line, with the time from the change to its webhook.',
    '',
    row('API', `${addresses.origin}/v1`),
    row('docs', `${addresses.origin}/docs`),
    row('API key', `${addresses.apiKey}  (${addresses.apiKeyFile})`),
    row('try', `curl ${authorization} "${addresses.origin}/v1/events?limit=3"`),
    row('', `curl ${authorization} ${addresses.origin}/v1/mailboxes`),
    row('send mail', `${addresses.googleOrigin}/  (a mail of your own, to one of the two)`),
    row('receiver', addresses.receiverUrl),
    row('log', addresses.logFile),
    '',
  ].join('\n');
}

/** What the ledger says in the end. */
export function summary(ledger: ChangeLedger, forged: number): string {
  const fault = (count: number, name: string) => styleText(count > 0 ? 'red' : 'green', `${count} ${name}`);
  const latency = (share: number) => `${percentile(ledger.latencies, share).toFixed(0)} ms`;
  const parts = [
    `${ledger.latencies.length} of ${ledger.made} changes delivered`,
    fault(ledger.missing, 'lost'),
    fault(ledger.doubled, 'doubled'),
    fault(ledger.outOfOrder, 'out of order'),
    fault(forged, 'with a bad signature'),
  ];
  const times =
    ledger.latencies.length > 0 ? `; change → webhook p50 ${latency(0.5)}, p99 ${latency(0.99)}` : '';
  return `\n${parts.join(', ')}${times}`;
}
