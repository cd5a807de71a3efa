import { PUSH } from '../support/program/local-setup';
import { median } from '../support/percentile';
import type { BenchReplica } from './bench-replica';
import { ask, startChild } from './child';
import type { LoadFigures, LoadOrder } from './load';
import { fillTables } from './tables';
import type { UpdatingOrder } from './updating.server';

const ROUNDS = 3;
const CONNECTIONS = 64;
/** More than the service remembers, so that each push has a token that must be verified. */
const TOKENS = 2_000;

export interface Row {
  name: string;
  perSecond: number;
  p99: number;
  refused: number;
}

interface Contender {
  name: string;
  url: string;
  tokens: string[];
}

/** All contenders in turn, round after round: whatever else the machine does meets them alike. Medians of the rounds. */
export async function measureIngest(replica: BenchReplica, seconds: number): Promise<Row[]> {
  await fillTables(replica.databaseUrl);
  const children = {
    load: startChild('load'),
    decoding: startChild('decoding.server'),
    updating: startChild('updating.server'),
  };
  try {
    const order: UpdatingOrder = { databaseUrl: replica.databaseUrl };
    const contenders = contendersOf(replica, {
      decoding: await ask<string>(children.decoding, {}),
      updating: await ask<string>(children.updating, order),
    });
    const measure = ({ url, tokens }: Contender, duration: number) =>
      ask<LoadFigures>(children.load, {
        url,
        tokens,
        seconds: duration,
        connections: CONNECTIONS,
        subscription: PUSH.subscription,
      } satisfies LoadOrder);
    for (const contender of contenders) await measure(contender, 1); // warms up; not counted
    const rounds: LoadFigures[][] = contenders.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [i, contender] of contenders.entries()) rounds[i]!.push(await measure(contender, seconds));
    return contenders.map(({ name }, i) => rowOf(name, rounds[i]!));
  } finally {
    Object.values(children).forEach((child) => child.disconnect());
  }
}

function contendersOf(replica: BenchReplica, urls: { decoding: string; updating: string }): Contender[] {
  const { google, origin } = replica;
  const one = [google.mintPushToken()];
  const many = Array.from({ length: TOKENS }, (_, n) => google.mintPushToken({ claims: { jti: String(n) } }));
  const webhook = `${origin}/webhooks/gmail`;
  return [
    { name: 'bare Fastify, decodes, stores nothing', url: urls.decoding, tokens: one },
    { name: 'Fastify, one UPDATE a push, not verified', url: urls.updating, tokens: one },
    { name: 'Inboxwire, one token for all', url: webhook, tokens: one },
    { name: 'Inboxwire, a new token for each push', url: webhook, tokens: many },
  ];
}

function rowOf(name: string, rounds: LoadFigures[]): Row {
  return {
    name,
    perSecond: median(rounds.map((round) => round.perSecond)),
    p99: median(rounds.map((round) => round.p99)),
    refused: rounds.reduce((sum, round) => sum + round.refused, 0),
  };
}
