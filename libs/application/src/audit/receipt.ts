/** The receipt of a bundle: the journal's own proof that it was made, with the digest of its manifest. */
import { HOUSE_CHAIN, proofText, type SealedEntry } from '#domain';
import type { ExportDeps } from './make-export.ts';
import { TreeProofs } from './tree-proofs.ts';

/** Writes the proof that the export's own entry is in the journal; false while it is not sealed yet. */
export async function writeReceipt(
  deps: ExportDeps,
  entry: Pick<SealedEntry, 'sequence'>,
): Promise<boolean> {
  const checkpoint = await deps.seals.checkpointOver(HOUSE_CHAIN, entry.sequence);
  if (checkpoint === undefined) return false;
  const proofs = new TreeProofs(deps.seals, deps.hashing, HOUSE_CHAIN);
  const index = entry.sequence - 1;
  const hashes = await proofs.inclusion(index, checkpoint.size);
  await deps.sink.put('receipt.tlog-proof', proofText(index, hashes, checkpoint.note));
  return true;
}
