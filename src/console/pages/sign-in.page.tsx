import type { VNode } from 'preact';
import { Field, Form, Notice } from '../layout/components';

export interface SignInFacts {
  returnTo: string;
  csrfToken: string;
  fault?: 'wrong' | 'too-many';
}

const FAULTS: Record<NonNullable<SignInFacts['fault']>, string> = {
  wrong:
    'This is no key of this service, or it was revoked or has expired. Nothing else is wrong with your request.',
  'too-many': 'Too many wrong keys came from this address. Wait a minute, and try again.',
};

export function signInPage({ returnTo, csrfToken, fault }: SignInFacts): { title: string; content: VNode } {
  const content = (
    <div class="sign-in">
      <h1>Sign in to Inboxwire</h1>
      <p class="muted">
        With an API key. What it may do here is what it may do in the API: <code>read</code> shows,{' '}
        <code>write</code> changes, <code>admin</code> manages keys too.
      </p>
      {fault && <Notice tone="bad">{FAULTS[fault]}</Notice>}
      <Form context={{ csrfToken }} action="/sign-in">
        <input type="hidden" name="returnTo" value={returnTo} />
        <Field
          label="API key"
          name="key"
          hint={
            <>
              The <code>API_KEY</code> of the settings is one. With the embedded database it is in{' '}
              <code>.data/api-key</code>.
            </>
          }
        >
          {(described) => (
            <input
              {...described}
              name="key"
              type="password"
              autocomplete="current-password"
              required
              autofocus
            />
          )}
        </Field>
        <button class="button primary">Sign in</button>
      </Form>
    </div>
  );
  return { title: 'Sign in', content };
}
