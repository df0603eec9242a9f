/** What a person finds first in a bundle. */

export const READ_ME = `冷静 日志导出
================
这是风控日志的一份导出。每一条都能单独核对，不需要联网，也不需要相信导出它的人。

  node lengjing-verify.mjs --key 公钥 这个文件夹

公钥请从监管约定或另一条渠道取得，不要用与本文件夹一起送来的。lengjing-verify.mjs 是一个没有依赖的文件，可以先读一遍再运行。
  manifest.json            范围、数量、用途、每个文件的摘要
  chain-*.entries.jsonl    日志条目原文；sha256(0x00 ‖ 一行的字节) 就是它的叶哈希
  chain-*.checkpoint       签名的树头（C2SP tlog-checkpoint）
  proofs/*.tlog-proof      单条的包含证明（C2SP tlog-proof）
  entries.csv              同样的内容，表格形式；data-dictionary.csv 解释每一列
  report.html              单个案件的可读报告（可打印）
  receipt.*                本次导出在日志中的记录

Lengjing journal export
=======================
Every entry in here can be checked by itself, offline, and without trusting whoever exported it.

  node lengjing-verify.mjs --key PUBLIC_KEY this-folder

Take the public key from your agreement or over another channel, not from what came with this folder. lengjing-verify.mjs is one file
without dependencies: read it first.
  manifest.json            the range, the counts, the purpose, the digest of every file
  chain-*.entries.jsonl    the entries as they were hashed; sha256(0x00 || bytes of a line) is its leaf
  chain-*.checkpoint       the signed head of the tree (C2SP tlog-checkpoint)
  proofs/*.tlog-proof      the proof of one entry (C2SP tlog-proof)
  entries.csv              the same as a table; data-dictionary.csv explains every column
  report.html              a readable report of one case, made to be printed
  receipt.*                the journal's own record of this export
`;
