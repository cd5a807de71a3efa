/**
 * Preloaded (`node --require`) into a gateway that another program has started over an IPC channel: when that program is
 * gone, even by SIGKILL, the gateway ends as it would by SIGTERM. Emitted, not sent: a second one changes nothing.
 */
process.once('disconnect', () => process.emit('SIGTERM'));
