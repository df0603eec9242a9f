/** Codes of the simulation are digested with this key. It protects nothing: the codes are invented, and replaying needs it. */
export const SIMULATION_CODE_KEY = 'lengjing-simulation-public-key';
export const SIMULATION_KEY_ID = 'simulation';
