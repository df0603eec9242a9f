/**
 * kafkajs arms a timer after every response to look for throttled requests, with a delay of minus the epoch when there is
 * nothing to look for. Node 24 warns of that, and it costs a wake-up per response.
 */
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

let calm = false;

/** Arms that timer only where a request really waits. Process-wide, done once. */
export function calmRequestTimers(): void {
  if (calm) return;
  calm = true;
  const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;
  RequestQueue.prototype.scheduleCheckPendingRequests = function scheduleWhenPending() {
    if (this.pending.length > 0) schedule.call(this);
  };
}
