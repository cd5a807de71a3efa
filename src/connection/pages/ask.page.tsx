import { Check, Cross, GoogleLogo } from './icons';
import { type Frame, GooglePermissions, Layout } from './layout';
import type { Permissions } from './permissions';

export interface AskView {
  /** Where the button leads: a path of this service, which leads on to Google. */
  action: string;
  /** The account that is wanted, if it has to be one. */
  address: string | undefined;
  permissions: Permissions;
}

/** Before Google's page: who asks, for what, and one button. */
export const AskPage = ({ frame, action, address, permissions }: { frame: Frame } & AskView) => {
  const { words, brand } = frame;
  const { ask } = words;
  return (
    <Layout frame={frame} title={ask.title(brand.name)}>
      <h1>{ask.title(brand.name)}</h1>
      <p class="lead">{ask.lead(brand.name)}</p>
      <h2>{ask.canTitle(brand.name)}</h2>
      <ul class="can">
        {permissions.can.map((what) => (
          <li key={what}>
            <Check />
            <span>{ask.can[what]}</span>
          </li>
        ))}
      </ul>
      <h2>{ask.cannotTitle(brand.name)}</h2>
      <ul class="cannot">
        {permissions.cannot.map((what) => (
          <li key={what}>
            <Cross />
            <span>{ask.cannot[what]}</span>
          </li>
        ))}
      </ul>
      <div class="next">
        <p>{ask.next}</p>
        {address !== undefined && <p>{ask.account(address)}</p>}
        <form method="post" action={action}>
          <button class="google" type="submit">
            <GoogleLogo />
            <span>{ask.button}</span>
          </button>
        </form>
        <GooglePermissions text={ask.revoke} words={words} />
      </div>
    </Layout>
  );
};
