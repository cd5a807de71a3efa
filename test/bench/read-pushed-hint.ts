export interface WrappedPush {
  message: { data: string };
}

export interface PushedHint {
  emailAddress: string;
  historyId: string;
}

export function readPushedHint({ message }: WrappedPush): PushedHint {
  return JSON.parse(Buffer.from(message.data, 'base64').toString('utf8')) as PushedHint;
}
