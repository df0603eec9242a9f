/** The contract suites, the same as for the in-memory store, on the real PostgreSQL. */
import { careStoreContract } from '../contract/care-store.ts';
import { engineStoreContract } from '../contract/engine-store.ts';
import { holdStoreContract } from '../contract/hold-store.ts';
import { journalStoreContract } from '../contract/journal-store.ts';
import { quietStoreContract } from '../contract/quiet-store.ts';
import type { OpenStores } from '../contract/stores.ts';
import { habitsContract } from '../contract/habits.ts';
import { payeesContract } from '../contract/payees.ts';
import { unitOfWorkContract } from '../contract/unit-of-work.ts';
import { windowsContract } from '../contract/windows.ts';
import { freshDatabase, open } from './databases.ts';

const openStores: OpenStores = async () => {
  const { url, drop } = await freshDatabase();
  const stores = await open(url);
  return {
    stores,
    async close() {
      await stores.close();
      await drop();
    },
  };
};

for (const contract of [
  unitOfWorkContract,
  engineStoreContract,
  windowsContract,
  payeesContract,
  habitsContract,
  holdStoreContract,
  careStoreContract,
  journalStoreContract,
  quietStoreContract,
]) {
  contract('PostgreSQL', openStores);
}
