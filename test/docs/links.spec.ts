import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const DOCUMENTS = [
  'README.md',
  'src/client/README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

const anchorsOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^#+ /.test(line))
    .map((line) => anchorOf(line.replace(/^#+ /, '')));

/** Links between documents of the repository, without those in code. */
const linksOf = (text: string) =>
  [...text.replaceAll(/```.*?```/gs, '').matchAll(/\]\((?!https?:)(?<target>[^)\s]+)\)/g)].map(
    ({ groups }) => groups!.target!,
  );

it.each(DOCUMENTS)('%s links to what exists', (document) => {
  const broken = linksOf(readFileSync(document, 'utf8')).filter((link) => {
    const [path, anchor] = link.split('#') as [string, string | undefined];
    const file = path === '' ? document : join(dirname(document), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
  });
  expect(broken).toEqual([]);
});
