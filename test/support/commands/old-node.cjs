// Preloaded (`node --require`): the program takes this for a Node.js that it does not work with.
Object.defineProperty(process, 'version', { value: 'v20.20.2' });
