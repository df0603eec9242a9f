// Checks a Lengjing export with Go's own implementation of signed notes and transparency logs (golang.org/x/mod/sumdb), so that
// nobody has to take our word for our formats. It knows the names of the files and nothing else of ours.
//
//	go run . KEY FOLDER
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: go run . KEY FOLDER")
		os.Exit(2)
	}
	if err := check(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "✗", err)
		os.Exit(1)
	}
}

func check(key, folder string) error {
	if text, err := os.ReadFile(key); err == nil {
		key = strings.TrimSpace(string(text))
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	heads, err := filepath.Glob(filepath.Join(folder, "chain-*.checkpoint"))
	if err != nil {
		return err
	}
	sort.Strings(heads)
	if len(heads) == 0 {
		return errors.New("the folder holds no chain-*.checkpoint")
	}
	for _, path := range heads {
		if err := checkChain(verifier, folder, path); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	return checkReceipt(verifier, folder)
}

// openHead verifies a signed head with sumdb/note and reads its size and root with sumdb/tlog.
func openHead(verifier note.Verifier, text []byte) (tlog.Tree, error) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	// tlog.ParseTree knows one origin only, Go's own: the three lines are the same.
	lines := strings.SplitN(opened.Text, "\n", 2)
	return tlog.ParseTree([]byte("go.sum database tree\n" + lines[1]))
}

func checkChain(verifier note.Verifier, folder, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, err := openHead(verifier, text)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "chain-"), ".checkpoint")
	file, err := os.Open(filepath.Join(folder, "chain-"+name+".entries.jsonl"))
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 1<<20), 1<<28)
	var hashes hashStore
	var count, proven int64
	for ; lines.Scan(); count++ {
		line := lines.Bytes()
		var entry struct{ Sequence int64 }
		if err := json.Unmarshal(line, &entry); err != nil {
			return err
		}
		proof := filepath.Join(folder, "proofs", fmt.Sprintf("%s-%d.tlog-proof", name, entry.Sequence))
		if err := checkProof(verifier, proof, line, entry.Sequence); err == nil {
			proven++
			continue
		} else if !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("entry %d: %w", entry.Sequence, err)
		}
		if entry.Sequence != count+1 {
			continue
		}
		stored, err := tlog.StoredHashes(count, line, &hashes)
		if err != nil {
			return err
		}
		hashes = append(hashes, stored...)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	switch {
	case proven == count:
		fmt.Printf("✓ chain %s: %d entries, each with its own proof under the head at %d\n", name, count, head.N)
	case count == head.N:
		root, err := tlog.TreeHash(head.N, &hashes)
		if err != nil {
			return err
		}
		if root != head.Hash {
			return errors.New("the entries do not lead to the signed head")
		}
		fmt.Printf("✓ chain %s: %d entries lead to the signed head\n", name, count)
	default:
		fmt.Printf("  chain %s: the head at %d is signed; %d entries of a part of it (proven by lengjing-verify.mjs)\n", name, head.N, count)
	}
	return nil
}

type hashStore []tlog.Hash

func (stored *hashStore) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = (*stored)[index]
	}
	return found, nil
}

// checkProof verifies a C2SP tlog-proof of one line.
func checkProof(verifier note.Verifier, path string, line []byte, sequence int64) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	top, head, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(top, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" || lines[1] != fmt.Sprintf("index %d", sequence-1) {
		return errors.New("it is not the proof of this entry")
	}
	tree, err := openHead(verifier, []byte(head))
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, one := range lines[2:] {
		hash, err := tlog.ParseHash(one)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, sequence-1, tlog.RecordHash(line))
}

func checkReceipt(verifier note.Verifier, folder string) error {
	line, err := os.ReadFile(filepath.Join(folder, "receipt.jsonl"))
	if err != nil {
		return err
	}
	line = []byte(strings.TrimSuffix(string(line), "\n"))
	var entry struct{ Sequence int64 }
	if err := json.Unmarshal(line, &entry); err != nil {
		return err
	}
	if err := checkProof(verifier, filepath.Join(folder, "receipt.tlog-proof"), line, entry.Sequence); err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	fmt.Println("✓ the receipt is in the journal")
	return nil
}
