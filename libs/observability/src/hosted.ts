/** A program that another one started: tells it when it is ready, and does not outlive it. */

/** What a hosted program tells its parent. */
export type HostedMessage =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'failed'; readonly reason: string };

/** True when this process was started with a channel to its parent. */
export function isHosted(): boolean {
  return process.send !== undefined;
}

export function tellParent(message: HostedMessage): void {
  if (process.connected) process.send?.(message);
}

/** Calls back once when the parent is gone, however it went. */
export function onParentGone(callback: () => void): void {
  if (isHosted()) process.once('disconnect', callback);
}
