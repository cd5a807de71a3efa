import { globSync, readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

it.each(['README.md', ...globSync('docs/*.md')])('%s names npm scripts that there are', (file) => {
  const text = readFileSync(file, 'utf8');
  const run = [...text.matchAll(/\bnpm run (?:-\w+ )*([a-z][\w:-]*)/g)].map(([, script]) => script!);
  const short = [...text.matchAll(/\bnpm (start|test)\b/g)].map(([, script]) => script!);
  expect([...run, ...short].filter((script) => !(script in scripts))).toEqual([]);
});

it('the image and the systemd unit start the program as `npm start` does', () => {
  const [, variable, flags] = /&& (\S+) exec node (.*) dist\/src\/main\.js$/.exec(scripts.start!)!;
  const [image, page] = ['Dockerfile', 'docs/deploy.md'].map((file) => readFileSync(file, 'utf8'));
  expect(image).toContain(
    `CMD ${JSON.stringify(['node', ...flags!.split(' '), 'dist/src/main.js']).replaceAll(',', ', ')}\n`,
  );
  expect(image).toMatch(new RegExp(`^ENV .*\\b${variable}$`, 'm'));
  expect(page).toContain(`/usr/bin/node ${flags} dist/src/main.js\n`);
  expect(page).toMatch(new RegExp(`^Environment=.*\\b${variable}$`, 'm'));
});

it.each(['setup', 'doctor', 'google'])(
  '`npm run %s -- …` runs the command of that name, with what follows',
  (name) => {
    expect(scripts[name]).toMatch(new RegExp(`^nest build && exec node .* dist/src/main\\.js ${name}$`));
  },
);
