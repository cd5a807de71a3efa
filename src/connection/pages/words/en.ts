import type { Words } from './words';

export const EN: Words = {
  ask: {
    title: (brand) => `Connect your Gmail to ${brand}`,
    lead: (brand) =>
      `${brand} asks for access to your Gmail. You choose the account and agree on Google’s own page; until then nothing is read.`,
    canTitle: (brand) => `${brand} will be able to`,
    can: {
      content: 'Read your emails: sender, recipients, subject, text and attachments',
      headers: 'See sender, recipients, subject, date and labels of your emails',
      changes: 'Notice when an email arrives, is deleted, or gets another label',
      labels: 'Change labels: mark as read, star, archive, move to Trash',
      send: 'Compose and send emails from your account',
      deleteForever: 'Delete emails permanently',
      settings: 'Change Gmail settings, such as filters and forwarding',
      address: 'See your email address',
    },
    cannotTitle: (brand) => `${brand} will not be able to`,
    cannot: {
      content: 'Read the text of your emails or open attachments',
      change: 'Change or delete your emails',
      send: 'Send emails from your account',
      deleteForever: 'Delete emails permanently',
      password: 'See your Google password',
    },
    button: 'Continue with Google',
    next: 'On Google’s page, tick every box that is asked for: without them the mailbox cannot be connected.',
    account: (address) => `Please choose the account ${address} there.`,
    revoke: 'You can end the access at any time:',
  },
  done: {
    title: 'Your Gmail is connected',
    text: (address, brand) => `${brand} now has access to ${address}.`,
    next: 'There is nothing else to do. You can close this page.',
    revoke: 'You can see and end this access at any time:',
  },
  failed: {
    retry: 'Try again',
    back: (brand) => `Back to ${brand}`,
    code: 'Code',
    explained: {
      access_denied: {
        title: 'You did not allow access',
        text: 'Nothing was connected and nothing was read. If that was not what you wanted, try again and choose “Continue” on Google’s page.',
      },
      insufficient_scope: {
        title: 'A box was not ticked',
        text: 'On Google’s page, the box that lets Gmail be read was left empty. Try again and tick every box there.',
      },
      missing_refresh_token: {
        title: 'Google gave no lasting access',
        text: 'Remove the access of this app on the page below, then try again.',
      },
      mail_service_not_enabled: {
        title: 'This Google Account has no Gmail',
        text: 'Try again and choose an account that has a Gmail mailbox.',
      },
      account_mismatch: {
        title: 'This is another account',
        text: 'The account that you chose is not the one that was asked for. Nothing was connected. Try again and choose that one.',
      },
      invalid_request: {
        title: 'Google’s answer was not complete',
        text: 'Nothing was connected. Please try again.',
      },
      invalid_code: {
        title: 'Google’s answer came too late',
        text: 'It was used before, or has expired. Please try again.',
      },
      invalid_id_token: {
        title: 'Google did not say whose account this is',
        text: 'Nothing was connected. Please try again.',
      },
      invalid_state: {
        title: 'This page cannot be continued',
        text: 'It was not reached by a link of this service. Ask for a new link.',
      },
      wrong_browser: {
        title: 'This is another browser',
        text: 'The link was opened in another browser than this one. Open the link in the browser in which you consent. If it is the same browser, allow cookies for this page and open the link again. Nothing was connected.',
      },
      session_used: {
        title: 'This link has been used',
        text: 'Each link works once. If your Gmail is not connected yet, ask for a new link.',
      },
      session_expired: {
        title: 'This link has expired',
        text: 'For your safety a link works for 15 minutes. Ask for a new one.',
      },
      google_error: {
        title: 'Google reported an error',
        text: 'Nothing was connected. Please try again.',
      },
      temporarily_unavailable: {
        title: 'That did not work just now',
        text: 'Google or this service could not be reached. Nothing was connected. Wait a moment, then try again.',
      },
      unknown_link: {
        title: 'There is no such link',
        text: 'Check that the address is complete: it may have been cut off in the email. Otherwise ask for a new link.',
      },
      operator: {
        title: 'This has to be fixed first',
        text: 'Google does not let this application connect mailboxes at the moment. You did nothing wrong, and only the people who run it can fix that: please tell them, with the code below.',
      },
    },
  },
  revokeLink: 'Google Account permissions',
  privacy: 'Privacy policy',
  support: 'Help',
};
