/** Calls back whenever the signal arrives, until the returned function is called. */
export function onSignal(signal: "SIGTERM" | "SIGUSR2" | "SIGINT", callback: () => void): () => void {
  process.on(signal, callback);
  return () => process.off(signal, callback);
}
