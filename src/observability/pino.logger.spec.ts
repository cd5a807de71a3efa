import { PinoLogger } from './pino.logger';

describe(PinoLogger, () => {
  it('warns of what is tried again, and keeps errors for what is one', () => {
    const lines: string[] = [];
    const logger = new PinoLogger('info', { write: (line) => void lines.push(line) });
    logger.error('Unable to connect to the database. Retrying (1)...', 'Error: …', 'TypeOrmModule');
    logger.error('request failed', 'ProblemFilter');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 40, context: 'TypeOrmModule', msg: 'Unable to connect to the database. Retrying (1)...' },
      { level: 50, context: 'ProblemFilter', msg: 'request failed' },
    ]);
  });
});
