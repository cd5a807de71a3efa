import { globSync, readFileSync } from 'node:fs';
import { ClientProject } from '../../support/client/client-project';
import { eventually } from '../../support/eventually';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

/** What the examples of its README take from elsewhere. */
const ELSEWHERE = `
declare const apiKey: string, id: string, after: string;
declare const inboxwire: import('inboxwire-client').Inboxwire;
declare function store(...values: unknown[]): Promise<void>;
declare function forget(...values: unknown[]): Promise<void>;
declare function eraseMailbox(...values: unknown[]): Promise<void>;
declare function keep(position: string): Promise<void>;
declare function askOwnerAgain(mailbox: unknown): Promise<void>;
`;

interface PackageFile {
  version: string;
  license: string;
  private: boolean;
  engines: { node: string };
  dependencies: Record<string, string>;
  devDependencies?: Record<string, string>;
}

describe("the client's package", () => {
  let project: ClientProject;
  let app: TestApp;
  beforeAll(async () => void ([project, app] = await Promise.all([ClientProject.create(), createTestApp()])));
  afterAll(async () => {
    await app?.close();
    await project?.remove();
  });

  const packed = async () =>
    JSON.parse((await project.read('node_modules/inboxwire-client/package.json'))!) as PackageFile;

  it('holds what is needed and no more, and depends on the versions that it is tested with', async () => {
    expect(project.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'index.js', 'index.d.ts']));
    expect(
      project.files.filter((file) => !/(\.js|\.d\.ts|^LICENSE|^README\.md|^package\.json)$/.test(file)),
    ).toEqual([]);
    const root = JSON.parse(readFileSync('package.json', 'utf8')) as PackageFile;
    const { dependencies, version, license, engines, private: isPrivate } = await packed();
    expect({ ...root.devDependencies, ...root.dependencies }).toMatchObject(dependencies);
    expect({ version, license }).toEqual({ version: root.version, license: root.license });
    expect(isPrivate).toBe(true);
    const node = `Node.js ${engines.node.replace('>=', '')} or newer`;
    for (const file of ['src/client/README.md', 'README.md'])
      expect(readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ')).toContain(node);
  });

  it('is installed from a packed file: no text says to install a name that anybody could register', () => {
    const texts = globSync('{README.md,docs/**/*,src/**/*,test/{demo,support}/**/*}', { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8'));
    const installed = texts.flatMap((text) => [...text.matchAll(/npm (?:install|i|add) +(?!--)(\S+)/g)]);
    const names = installed.map(([, name]) => name!);
    expect(names.filter((name) => !/^\.{1,2}\/\S+\.tgz$/.test(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(1);
  });

  it('can be imported and required', async () => {
    const print = 'console.log(typeof client.Inboxwire, typeof client.verifyWebhook)';
    expect(await project.node('-e', `const client = require('inboxwire-client'); ${print}`)).toBe(
      'function function\n',
    );
    expect(
      await project.node('--input-type=module', '-e', `import * as client from 'inboxwire-client'; ${print}`),
    ).toBe('function function\n');
  });

  /** The examples of the README as files. */
  const writeExamples = async () => {
    const readme = readFileSync('src/client/README.md', 'utf8');
    const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);
    expect(examples).toHaveLength(3);
    for (const [n, code] of examples.entries()) {
      const given = /^const inboxwire/m.test(code) ? ELSEWHERE.replace(/.*inboxwire:.*\n/, '') : ELSEWHERE;
      await project.write(`example-${n}.mts`, code + given);
    }
    return examples.map((_, n) => `example-${n}.mts`);
  };

  it("has examples that compile under what TypeScript's own `tsc --init` writes", async () => {
    const [calls, follow, webhooks] = await writeExamples();
    await project.init();
    expect(await project.faults([calls!, follow!], 'tsconfig.init.json')).toEqual([]);
    // What that file says of itself for programs that use Node's modules.
    await project.init({ types: ['node'] });
    expect(await project.faults([calls!, follow!, webhooks!], 'tsconfig.init.json')).toEqual([]);
  });

  it('has types by which the application of docs/ and the examples of its README compile', async () => {
    await project.copy('docs/example-app.mts', 'example-app.mts');
    const files = ['example-app.mts', ...(await writeExamples())];
    await project.write(
      'wrong.mts',
      "import { Inboxwire } from 'inboxwire-client';\nnew Inboxwire({ apiKey: '' });\n",
    );
    expect(await project.faults([...files, 'wrong.mts'])).toEqual([
      expect.stringMatching(/^wrong\.mts\(2,.+InboxwireOptions/),
    ]);
  });

  it('carries the application of docs/, which goes on where it stopped', async () => {
    await project.copy('docs/example-app.mts', 'example-app.mts');
    const environment = { INBOXWIRE_URL: app.service.address, INBOXWIRE_API_KEY: API_KEY };
    await app.connect('ada@example.com');
    const from = 'Bob Example <bob@example.net>';
    app.google.deliver('ada@example.com', { from, subject: 'The contract' });

    const first = project.start('example-app.mts', environment);
    await eventually(() => first.output.endsWith('\n'));
    const { id } = (await app.api.events({ types: 'message.added' }))[0]!;
    await eventually(async () => (await project.read('position.txt')) === id);
    expect(await first.stop()).toBe(0);

    app.google.deliver('ada@example.com', { from: 'cid@example.net', subject: 'Lunch?' });
    const second = project.start('example-app.mts', environment);
    await eventually(() => second.output.endsWith('\n'));
    expect(await second.stop()).toBe(0);
    expect([first, second].map(({ output, errors }) => output + errors)).toEqual([
      'ada@example.com: Bob Example, “The contract”\n',
      'ada@example.com: cid@example.net, “Lunch?”\n',
    ]);
  });
});
