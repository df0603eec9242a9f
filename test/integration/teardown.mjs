/** Jest calls this once after the last integration spec. */
import { closeDesk } from './servers.mjs';

export default closeDesk;
