/** What an API key is made of, whether it is set or generated. */
export const API_KEY_CHARACTERS = /^[\x21-\x7e]*$/;
export const MIN_API_KEY_LENGTH = 24;
