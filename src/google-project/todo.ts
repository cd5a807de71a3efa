import type { ProjectPlan } from './project-plan';

export interface Todo {
  title: string;
  url: string;
}

/** What only a person can do, each with the page of Google's console for this project. */
export function todoOf(plan: ProjectPlan, scopes: string): Todo[] {
  const page = (path: string) => `https://console.cloud.google.com/auth/${path}?project=${plan.project}`;
  return [
    { title: 'Fill in the consent screen: name, support address, who may consent', url: page('branding') },
    {
      title: 'Publish it, or make it Internal: in "Testing" every grant ends after 7 days',
      url: page('audience'),
    },
    { title: `Add the scopes openid, email and ${scopes}`, url: page('scopes') },
    {
      title:
        `Create an OAuth client of type "Web application" with the redirect URI ${plan.publicUrl}/auth/google/callback; ` +
        'its id and secret are GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET',
      url: page('clients'),
    },
  ];
}
