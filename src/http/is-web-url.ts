import { ValidateBy } from 'class-validator';

const MAX_LENGTH = 2_000;

/** What DNS and IP addresses have. `URL` takes more, such as `;` and `*`, which mean something in a Content-Security-Policy. */
const HOST = /^[\w.-]+$|^\[[\da-f:.]+\]$/;

/** Accepts an absolute http or https URL. */
export function IsWebUrl(): PropertyDecorator {
  return ValidateBy(
    { name: 'isWebUrl', validator: { validate: isWebUrl } },
    { message: 'must be an absolute http or https URL' },
  );
}

export function isWebUrl(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !/^https?:\/\/[^\s\p{Cc}]+$/iu.test(value))
    return false;
  return URL.canParse(value) && HOST.test(new URL(value).hostname);
}
