import { Bad, Good } from './icons';
import { type Frame, GooglePermissions, Layout } from './layout';
import type { Explained } from './words/words';

/** The mailbox is connected. */
export const DonePage = ({ frame, address }: { frame: Frame; address: string }) => {
  const { words, brand } = frame;
  const { done } = words;
  return (
    <Layout frame={frame} title={done.title}>
      <Good />
      <h1>{done.title}</h1>
      <p>{done.text(address, brand.name)}</p>
      <p>{done.next}</p>
      <div class="next">
        <GooglePermissions text={done.revoke} words={words} />
      </div>
    </Layout>
  );
};

export interface FailedView {
  explained: Explained;
  /** To be quoted to whoever helps. */
  code: string;
  /** Where the same session begins anew, if that helps. */
  retryUrl: string | undefined;
  /** The way back to the application, if it has named one. */
  backUrl: string | undefined;
}

/** The mailbox is not connected. */
export const FailedPage = ({ frame, explained, code, retryUrl, backUrl }: { frame: Frame } & FailedView) => {
  const { words, brand } = frame;
  const { failed } = words;
  const { title, text } = failed.explained[explained];
  return (
    <Layout frame={frame} title={title}>
      <Bad />
      <h1>{title}</h1>
      <p>{text}</p>
      {explained === 'missing_refresh_token' && <GooglePermissions text="" words={words} />}
      {retryUrl !== undefined && (
        <a class="button" href={retryUrl}>
          {failed.retry}
        </a>
      )}
      {backUrl !== undefined && (
        <p>
          <a class="button" href={backUrl}>
            {failed.back(brand.name)}
          </a>
        </p>
      )}
      <p class="small">
        {failed.code}: <code>{code}</code>
      </p>
    </Layout>
  );
};
