// Loaded before the program: its clock differs from everybody else's by CLOCK_SKEW_MS.
const skew = Number(process.env.CLOCK_SKEW_MS);
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...parts) {
    if (parts.length === 0) super(Real.now() + skew);
    else super(...parts);
  }

  static now() {
    return Real.now() + skew;
  }
};
