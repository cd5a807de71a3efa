// The arrows between modules, each with its reason. docs/decisions/0003-arrows-point-one-way.md tells the story.

/** What each module may import besides itself and the ground floor. */
const allowed = {
  access: [],
  mailbox: [],
  event: ['mailbox'],
  auth: ['mailbox'],
  gmail: ['auth'],
  delivery: ['event', 'mailbox', 'pubsub'],
  sync: ['gmail', 'mailbox', 'event'],
  watch: ['gmail', 'sync', 'mailbox', 'event'],
  mail: ['auth', 'gmail', 'sync', 'mailbox'],
  webhook: ['sync', 'event'],
  pubsub: ['sync'],
  connection: ['auth', 'gmail', 'watch', 'sync', 'mailbox', 'event'],
  stats: [],
  mcp: ['access', 'auth', 'connection', 'event', 'mail', 'mailbox'],
  console: ['access', 'connection', 'delivery', 'diagnosis', 'event', 'mailbox', 'stats'],
  openapi: ['access', 'event'],
  'google-project': [],
  diagnosis: ['google-project'],
  commands: ['diagnosis', 'google-project', 'local-google'],
};

/** The ground floor: each imports downwards only. */
const ground = {
  common: [],
  config: ['common'],
  observability: ['common'],
  http: ['common', 'observability'],
  background: ['common', 'observability'],
  database: ['common', 'config', 'observability'],
  erasure: ['common', 'database'],
  encryption: ['common', 'config', 'database', 'background', 'observability'],
};

/**
 * The rooms (sub-folders) of each module, and what else of the module they may import. `.` is what lies in the module's
 * own folder; its `*.module.ts` assembles the rooms and may import all of them.
 */
const rooms = {
  access: { '.': ['key', 'idempotency'], key: [], idempotency: ['key'] },
  connection: {
    '.': [],
    pages: ['.'],
    erasure: ['.'],
    lifecycle: ['.', 'erasure'],
    connect: ['.', 'lifecycle', 'pages'],
    mailboxes: ['.', 'lifecycle'],
    workspace: ['.', 'lifecycle', 'mailboxes'],
  },
  database: { migrations: [], '.': ['migrations'], embedded: ['.'] },
  delivery: {
    '.': [],
    egress: ['.'],
    filter: [],
    endpoint: ['.', 'egress', 'filter'],
    attempt: ['.', 'egress', 'endpoint'],
    capacity: ['endpoint'],
    queue: ['.', 'egress', 'endpoint', 'attempt', 'capacity', 'filter'],
    task: ['.', 'endpoint', 'queue', 'filter'],
    api: ['.', 'egress', 'endpoint', 'attempt', 'queue', 'task', 'filter'],
  },
  event: {
    '.': [],
    log: ['.'],
    schema: ['.'],
    stream: ['.', 'log', 'schema'],
    api: ['.', 'log', 'schema', 'stream'],
  },
  gmail: { '.': [], message: ['.'], quota: ['.'], client: ['.', 'message', 'quota'] },
  pubsub: { '.': [], pull: ['.'] },
  console: {
    '.': ['session'],
    session: [],
    overview: [],
    setup: [],
    layout: ['.', 'assets'],
    pages: ['.', 'layout', 'overview', 'setup'],
    server: ['.', 'assets', 'session', 'pages'],
    assets: ['.'],
  },
  sync: {
    cursor: [],
    history: ['cursor'],
    snapshot: ['cursor', 'history'],
    gap: ['cursor', 'history', 'snapshot'],
    backfill: ['cursor', 'history', 'snapshot', 'gap'],
    '.': ['cursor', 'history', 'snapshot', 'gap', 'backfill'],
  },
};

const only = (module, imports) => ({
  name: `${module}-imports`,
  comment: `src/${module} may import ${imports.length ? imports.join(', ') : 'nothing'} of the other modules`,
  severity: 'error',
  from: { path: `^src/${module}/` },
  to: { path: '^src/', pathNot: [`^src/(${[module, ...imports].join('|')})/`] },
});

/** The files of a room: those in its folder and below, or for `.` those of the module's own folder. */
const filesOf = (module, room) => (room === '.' ? `^src/${module}/[^/]+$` : `^src/${module}/${room}/`);

const roomRules = Object.entries(rooms).flatMap(([module, plan]) => [
  ...Object.entries(plan).map(([room, imports]) => ({
    name: `${module}-${room === '.' ? 'root' : room}-imports`,
    comment: `src/${module}/${room} may import ${imports.length ? imports.join(', ') : 'nothing'} of its module`,
    severity: 'error',
    from: { path: filesOf(module, room), pathNot: '\\.module\\.ts$' },
    to: { path: `^src/${module}/`, pathNot: [room, ...imports].map((name) => filesOf(module, name)) },
  })),
  {
    name: `${module}-has-no-other-rooms`,
    comment: 'A new room is named in the plan, with what it may import.',
    severity: 'error',
    from: { path: `^src/${module}/`, pathNot: Object.keys(plan).map((room) => filesOf(module, room)) },
    to: {},
  },
]);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle cannot be read from either end. Type imports count. Nobody reads what is generated.',
      severity: 'error',
      from: { pathNot: '^src/client/generated/' },
      to: { circular: true },
    },
    ...Object.entries(allowed).map(([module, imports]) => only(module, [...imports, ...Object.keys(ground)])),
    ...Object.entries(ground).map(([module, imports]) => only(module, imports)),
    ...roomRules,
    {
      name: 'nobody-imports-the-roof',
      comment: 'The files at the top assemble the modules. No module looks up at them.',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.tsx?$' },
    },
    {
      name: 'onlookers-are-imported-by-the-app-only',
      comment: 'They look at everything, and nothing looks at them.',
      severity: 'error',
      from: { path: '^src/([^/]+)', pathNot: '^src/app\\.module\\.ts$' },
      to: { path: '^src/(health|metrics)/', pathNot: '^src/$1/' },
    },
    {
      name: 'entities-stay-home',
      comment:
        'Across a border pass services, error types and event types: never an entity, a controller or a job.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '\\.(entity|controller|job)\\.ts$', pathNot: ['^src/$1/', '^node_modules/'] },
    },
    {
      name: 'the-client-knows-no-service',
      comment: 'It is published by itself, and knows the API from its description.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^(src|test|ormconfig)', pathNot: '^src/client/' },
    },
    {
      name: 'the-service-knows-no-client',
      comment:
        'Its tests do, which are not built with the service. One file of theirs has the types of answers for all.',
      severity: 'error',
      from: { pathNot: '^(src/client|test/support/client)/|\\.spec\\.ts$|^test/support/api-types\\.ts$' },
      to: { path: '^src/client/' },
    },
    {
      name: 'answers-have-types-of-the-client-and-nothing-else',
      comment: 'What is built of the tests must not build the client.',
      severity: 'error',
      from: { path: '^test/support/api-types\\.ts$' },
      to: { path: '^src/client/', pathNot: '^src/client/generated/types\\.gen\\.ts$' },
    },
    {
      name: 'src-knows-no-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'the-local-google-knows-no-product',
      comment: 'A stand-in that shares code with the product shares its mistakes.',
      severity: 'error',
      from: { path: '^src/local-google/' },
      to: { path: '^(src|test)/', pathNot: '^src/local-google/' },
    },
    {
      name: 'the-product-knows-no-local-google',
      comment: 'One command runs it, and the tests do. The service never meets it but over HTTP.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(local-google|commands)/' },
      to: { path: '^src/local-google/' },
    },
    {
      name: 'receivers-know-no-product',
      comment: 'A stand-in that shares code with the product shares its mistakes.',
      severity: 'error',
      from: { path: '^test/fakes/' },
      to: { path: '^(src|test/(support|medium|e2e|demo|bench|chaos))/' },
    },
    {
      name: 'one-file-for-each-sdk',
      comment:
        'googleapis is spoken in one client, and by the specs of the local Google, which it holds to its word.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/gmail/client/gmail-api\\.client\\.ts$',
          '^src/local-google/(testing/|.+\\.spec\\.ts$)',
        ],
      },
      to: { path: 'node_modules/googleapis/' },
    },
    {
      name: 'one-file-for-the-library-of-pubsub',
      comment: 'It is loaded when it is first used, and installations that are pushed to never use it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/pubsub/pubsub\\.client\\.ts$' },
      to: { path: 'node_modules/(@google-cloud|@grpc)/' },
    },
    {
      name: 'one-file-for-the-sdk-of-mcp',
      comment: 'It is loaded when an agent first calls.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/mcp/agent-server\\.ts$' },
      to: { path: 'node_modules/@modelcontextprotocol/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'types'],
    },
  },
};
