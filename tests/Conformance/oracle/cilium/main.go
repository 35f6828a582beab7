// Loads objects into the running kernel, a program at a time, by cilium/ebpf as everyone uses it. Nothing is attached or pinned.
//
// In, a line per object: its path. Out, a line per program:
//
//	<line> TAB <program> TAB <0 when it loaded, else 1> TAB <why not>
//
// or, when the library does not read the object:
//
//	<line> TAB - TAB 1 TAB <why>
//
// With RELO_LOGS, a folder, the whole error and the verifier's log of a refused program go to <line>.<program>.log there.
//
// Ends with 77 when this machine forbids bpf().
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
)

func main() {
	probe := &ebpf.ProgramSpec{Type: ebpf.SocketFilter, License: "GPL", Instructions: asm.Instructions{asm.Mov.Imm(asm.R0, 0), asm.Return()}}
	program, err := ebpf.NewProgram(probe)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bpf() is not permitted:", err)
		os.Exit(77)
	}
	program.Close()

	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := bufio.NewScanner(os.Stdin)
	for line := 0; lines.Scan(); line++ {
		for name, err := range loadAll(lines.Text()) {
			failed := 0
			if err != nil {
				failed = 1
				keep(line, name, err)
			}
			fmt.Fprintf(out, "%d\t%s\t%d\t%s\n", line, name, failed, why(err))
		}
	}
}

// loadAll loads each program of an object alone; the result of one that cannot be read has the name "-".
func loadAll(path string) map[string]error {
	results := map[string]error{}
	spec, err := ebpf.LoadCollectionSpec(path)
	if err != nil {
		results["-"] = err
		return results
	}
	names := []string{}
	for name := range spec.Programs {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		results[name] = load(spec.Copy(), name)
	}
	return results
}

func load(spec *ebpf.CollectionSpec, name string) error {
	spec.Programs = map[string]*ebpf.ProgramSpec{name: spec.Programs[name]}
	for _, m := range spec.Maps {
		m.Pinning = ebpf.PinNone
	}
	collection, err := ebpf.NewCollection(spec)
	if err != nil {
		return err
	}
	collection.Close()
	return nil
}

// keep writes what a Go program prints that asks for all of it.
func keep(line int, name string, err error) {
	folder := os.Getenv("RELO_LOGS")
	if folder == "" {
		return
	}
	text := err.Error() + "\n"
	var refused *ebpf.VerifierError
	if errors.As(err, &refused) {
		text += fmt.Sprintf("%+v\n", refused)
	}
	if err := os.WriteFile(fmt.Sprintf("%s/%d.%s.log", folder, line, name), []byte(text), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// why is the error on one line, with the last lines of the verifier's log.
func why(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	var refused *ebpf.VerifierError
	if errors.As(err, &refused) && len(refused.Log) > 0 {
		from := len(refused.Log) - 3
		if from < 0 {
			from = 0
		}
		text += " | " + strings.Join(refused.Log[from:], " | ")
	}
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(text)
}
