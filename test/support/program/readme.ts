import { readFileSync } from 'node:fs';

const README = readFileSync('README.md', 'utf8');

/** The first block of this language below a heading of the README. */
export function blockBelow(heading: string, language: string): string {
  const section = README.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  const block = section?.match(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's'))?.[1];
  if (block === undefined) throw new Error(`README has no ${language} below "${heading}"`);
  return block;
}
