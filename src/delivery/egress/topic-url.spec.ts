import { topicOf } from './topic-url';

describe(topicOf, () => {
  it.each([
    ['pubsub://projects/my-project/topics/mail', 'projects/my-project/topics/mail'],
    [
      'pubsub://projects/example.com:my-project/topics/a.b~c_d%2B',
      'projects/example.com:my-project/topics/a.b~c_d%2B',
    ],
  ])('names the topic of %s', (url, topic) => {
    expect(topicOf(url)).toBe(topic);
  });

  it.each([
    'https://projects/my-project/topics/mail',
    'pubsub://projects/my-project/subscriptions/mail',
    'pubsub://projects/my-project/topics/mail?x=1',
    'pubsub://projects/my-project/topics/mail/more',
    'pubsub://user@projects/my-project/topics/mail',
    'pubsub://projects//topics/mail',
    'pubsub://projects/my-project/topics/',
    'PUBSUB://projects/my-project/topics/mail#x',
    'pubsub:projects/my-project/topics/mail',
    'projects/my-project/topics/mail',
  ])('finds none in %s', (url) => {
    expect(topicOf(url)).toBeUndefined();
  });
});
