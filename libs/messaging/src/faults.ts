/** What kafkajs throws, sorted into what may pass by itself and what does not. */
import kafkajs from 'kafkajs';
import { TransientFault } from '#application';

/** Errors a retry of the whole operation can cure although kafkajs marks its own retries as used up. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof kafkajs.KafkaJSNumberOfRetriesExceeded) return true;
  if (error instanceof kafkajs.KafkaJSError) {
    return (
      error.retriable ||
      (error.cause !== undefined && error.cause !== error && isTransient(error.cause))
    );
  }
  return false;
}

/** `TransientFault` when trying again can help, otherwise the error as it is. `doing` begins the message. */
export function toFault(error: unknown, doing: string): Error {
  const cause = error instanceof Error ? error : new Error(String(error));
  return isTransient(error) ? new TransientFault(`${doing}: ${cause.message}`, { cause }) : cause;
}
