/** A name of the DOM's that generated code uses, and that Node's types lack (https://fetch.spec.whatwg.org/#bodyinit). */
type BodyInit = NonNullable<RequestInit['body']>;
