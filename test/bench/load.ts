import autocannon from 'autocannon';
import { pushBody } from './pushes';

/** One measurement: pushes at full speed over so many connections. */
export interface LoadOrder {
  url: string;
  seconds: number;
  connections: number;
  subscription: string;
  /** One for all, as Pub/Sub does within an hour, or as many as there are, in turn. */
  tokens: string[];
}

export interface LoadFigures {
  perSecond: number;
  p99: number;
  /** Anything but 2xx, and broken connections. */
  refused: number;
}

let sent = 0;
/** Higher at each start, so that a push is always news. */
const firstHistoryId = BigInt(Date.now()) * 1_000_000n;

async function load({ url, seconds, connections, subscription, tokens }: LoadOrder): Promise<LoadFigures> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    requests: [
      {
        setupRequest: (request) => {
          sent += 1;
          request.body = pushBody(sent, firstHistoryId + BigInt(sent), subscription);
          request.headers = {
            'content-type': 'application/json',
            authorization: `Bearer ${tokens[sent % tokens.length]}`,
          };
          return request;
        },
      },
    ],
  });
  return {
    perSecond: result['2xx'] / result.duration,
    p99: result.latency.p99,
    refused: result.non2xx + result.errors,
  };
}

process.on('message', (order: LoadOrder) => void load(order).then((figures) => process.send!(figures)));
process.once('disconnect', () => process.exit(0));
