const SIGNATURE = /([?&](?:mailboxId|error)=\w+)&signature=[0-9a-f]{64}/;

/** A way back to the application without its signature, which there has to be; other places as they are. */
export function unsigned<Location extends string | null>(location: Location): Location {
  if (!location?.startsWith('https://app.example/')) return location;
  if (!SIGNATURE.test(location)) throw new Error(`The way back is not signed: ${location}`);
  return location.replace(SIGNATURE, '$1') as Location;
}
