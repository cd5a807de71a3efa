// Lets what may be left out be undefined as well, in the generated types of a folder: with `exactOptionalPropertyTypes`, which
// `tsc --init` turns on, `{ query: { cursor } }` would not compile for a cursor that is undefined on the first page.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(process.argv[2], 'types.gen.ts');
const text = readFileSync(file, 'utf8');
writeFileSync(file, text.replace(/^( +(?:\w+|'[^']+')\?: [^{;]+);$/gm, '$1 | undefined;'));
