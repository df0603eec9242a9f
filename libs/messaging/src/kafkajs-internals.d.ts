/** The one internal of kafkajs 2.2.4 that we patch (`calm-timers.ts`). */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  class RequestQueue {
    readonly pending: readonly object[];
    scheduleCheckPendingRequests(): void;
  }
  export default RequestQueue;
}
