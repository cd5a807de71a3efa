/** What the console refuses by itself; the rest is refused by the services of the API. */
export abstract class ConsoleRefusal extends Error {
  abstract readonly status: number;
  abstract readonly title: string;
}

/** A form that no page of the console has sent, or one that has lain open for too long. */
export class FormRefusedError extends ConsoleRefusal {
  readonly status = 403;
  readonly title = 'The form was refused';

  constructor() {
    super(
      'It did not come from a page of this console, or its page has lain open for too long. Nothing was done. Go back, reload the page and send it again.',
    );
  }
}

export class NoSuchPageError extends ConsoleRefusal {
  readonly status = 404;
  readonly title = 'There is no such page';

  constructor() {
    super('Nothing of the console is at this address. The navigation leads to everything that there is.');
  }
}

/** A form of somebody whose session has ended. */
export class SignedOutError extends ConsoleRefusal {
  readonly status = 403;
  readonly title = 'You are signed out';

  constructor() {
    super('Your session has ended, and nothing was done. Sign in, and send the form again.');
  }
}
