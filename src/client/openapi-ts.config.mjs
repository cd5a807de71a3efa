// What `npm run client:generate` makes of docs/openapi.json. docs/decisions/0021-the-client.md tells why.
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Headers of answers are in no type, and the filters warn of each that they meet. */
function withoutHeaders(document) {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  const responses = operations.flatMap((operation) => Object.values(operation.responses ?? {}));
  for (const response of [...responses, ...Object.values(document.components.responses ?? {})])
    delete response.headers;
}

/** @type {import('@hey-api/openapi-ts').UserConfig} */
export default {
  input: here('../../docs/openapi.json'),
  output: {
    path: process.env.CLIENT_OUTPUT ?? here('generated'),
    module: { extension: '.js' },
    postProcess: [{ command: process.execPath, args: [here('allow-undefined.mjs'), '{{path}}'] }],
  },
  logs: { level: 'warn', file: false },
  parser: {
    patch: { input: withoutHeaders },
    filters: {
      // What is not under /v1 is for Google, browsers and load balancers. The stream is followed by hand.
      operations: { include: ['/ \\/v1\\//'], exclude: ['GET /v1/events/stream'] },
      // Events that are sent and in no answer.
      orphans: true,
    },
  },
  plugins: [
    '@hey-api/typescript',
    { name: '@hey-api/client-fetch', throwOnError: true },
    {
      name: '@hey-api/sdk',
      operations: { strategy: 'single', containerName: 'Operations' },
      responseStyle: 'data',
    },
  ],
};
