/** Decodes bytes of a named charset; an unknown name is read as UTF-8. */
export function decodeText(bytes: Buffer, charset: string | null): string {
  try {
    return new TextDecoder((charset ?? 'utf-8').trim()).decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes);
  }
}
