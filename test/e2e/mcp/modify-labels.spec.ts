import type { Mailbox } from '../../support/api-types';
import { MailReader } from '../../support/mail/mail-reader';
import { Agent } from '../../support/mcp/agent';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const MODIFY = 'https://www.googleapis.com/auth/gmail.modify';

describe('modify_labels', () => {
  let app: TestApp;
  let mailbox: Mailbox;
  let agents: Record<'reader' | 'writer', Agent>;
  beforeAll(async () => {
    app = await createTestApp({ GMAIL_SCOPES: MODIFY });
    mailbox = await app.connect(ADA);
    agents = { reader: await agentWith('read'), writer: await agentWith('write') };
  });
  afterAll(async () => {
    await Promise.all(Object.values(agents ?? {}).map((agent) => agent.close()));
    await app?.close();
  });

  async function agentWith(scope: string): Promise<Agent> {
    const { key } = await app.api.post('/v1/api-keys', { name: scope, scopes: [scope] }, 201);
    return Agent.connect(app.service.address, key);
  }
  const unread = () => {
    const { id: messageId } = app.google.deliver(ADA, { subject: 'Read me' });
    return { mailboxId: mailbox.id, messageId, removeLabelIds: ['UNREAD'], addLabelIds: ['STARRED'] };
  };

  it('changes labels with a key that may write, and where owners have allowed it', async () => {
    expect(await agents.writer.tools()).toContain('modify_labels');
    const input = unread();
    const { isError, result } = await agents.writer.call('modify_labels', input);
    expect([isError, result]).toEqual([
      false,
      { messageId: input.messageId, labelIds: expect.arrayContaining(['INBOX', 'STARRED']) },
    ]);
    const { body } = await new MailReader(app.service.address, mailbox.id).read(
      `/messages/${input.messageId}`,
    );
    expect([...body.labelIds].sort()).toEqual(['INBOX', 'STARRED']);
    const lines = app.logs.filter((line) => line.includes('changed through the API'));
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      tool: 'modify_labels',
      mailboxId: mailbox.id,
      messageId: input.messageId,
      keyId: expect.stringMatching(/^key_/),
    });
  });

  it('is not there for a key that may only read', async () => {
    expect(await agents.reader.tools()).not.toContain('modify_labels');
    const { isError, result } = await agents.reader.call('modify_labels', unread());
    expect([isError, result]).toMatchObject([true, { code: 'missing_scope', requiredScope: 'write' }]);
  });

  it.each([
    [{ removeLabelIds: [], addLabelIds: [] }, 'validation_failed'],
    [{ addLabelIds: ['NO_SUCH_LABEL'] }, 'validation_failed'],
    [{ messageId: '../1' }, 'not_found'],
  ])('answers %j with the problem of the API: %s', async (fault, code) => {
    const { isError, result } = await agents.writer.call('modify_labels', { ...unread(), ...fault });
    expect([isError, result]).toMatchObject([true, { code }]);
  });
});
