/** What `lib` in tsconfig.json and the tests are of. */
const OLDEST_MAJOR = 24;

/**
 * An older Node.js starts the program, and then lacks something in the middle of the work.
 *
 * @param version as `process.version` says it, such as `v24.21.0`
 * @returns what is wrong with it, and the remedy; undefined: nothing
 */
export function complaintOfNode(version: string): string | undefined {
  const major = Number(/^v(\d+)/.exec(version)?.[1]);
  if (major >= OLDEST_MAJOR) return undefined;
  return `Inboxwire needs Node.js ${OLDEST_MAJOR} or newer, and this is ${version}. Start it with \`npm start\`, which uses the Node.js that \`npm ci\` has installed, or by node_modules/.bin/node.`;
}
