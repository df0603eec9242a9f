/** Jest calls this once before the first integration spec. */
import { openDesk } from './servers.mjs';

export default openDesk;
