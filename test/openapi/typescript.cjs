// Lets Node run the TypeScript of this project as it is, without a build: `node --require` this.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformFileSync } = require('@swc/core');

const options = JSON.parse(readFileSync(join(__dirname, '../../.swcrc'), 'utf8'));

require.extensions['.ts'] = (module, file) =>
  module._compile(transformFileSync(file, { ...options, swcrc: false }).code, file);
