/** Types of `servers.mjs`, for what is run without Jest. */
export function openDesk(): Promise<void>;
export function closeDesk(): Promise<void>;
