using System.Text.RegularExpressions;

namespace Relo.Core.Diagnoses;

/// <summary>
/// Recognises lines that are understood and report nothing by themselves: the verifier's trace, and loaders that repeat an error.
/// </summary>
internal static class LogContext
{
    private static readonly string[] Starts =
    [
        ";", "processed ", "verification time", "stack depth", "max_states", "func#", "func '", "Func#", "Validating ", "caller:",
        "callee:", "frame", "from ", "returning from callee", "to caller at", "parent ", "last_idx", "regs=", "mark_precise",
        "propagating ", "arg#", "libbpf: loading ", "libbpf: elf:", "libbpf: sec '", "libbpf: license", "libbpf: kernel version",
        "libbpf: CO-RE relocating", "libbpf: looking for", "libbpf: object ", "libbpf: Kernel", "If it used to work",
        "Warning: bpftool", "btf_vmlinux", "frame pointer is read only", "Error: failed to load object file", "live regs", "Live regs",
        "invalid argument:", "permission denied:", "operation not permitted:", "The sequence of", "magic: ", "version: ", "flags: ",
        "hdr_len: ", "type_off: ", "type_len: ", "str_off: ", "str_len: ", "btf_total_size: ", "libbpf: BTF loading error",
        "libbpf: Error loading .BTF into kernel", "libbpf: permission error while running as root",
    ];

    private static readonly string[] Parts =
    [
        "-- BEGIN ", "-- END ", "-- BEGIN PROG LOAD LOG", "BPF program load failed", "failed to load: -", "failed to load object",
        "failed to load BPF skeleton", "failed to perform CO-RE", "matching candidate", "libbpf: prog '", "libbpf: map '",
        "libbpf: extern ", "libbpf: found ", "Retrying without BTF", "libbpf: added ", "line(s) omitted", "load program: ",
        "Verifier output:", "failed to load eBPF", "Caused by:", "failed to auto-attach",
    ];

    // "12: R1=ctx() R10=fp0", "13: safe"; "[12] TYPEDEF u32 type_id=7" where the kernel refuses the object's BTF, which is optional
    private static readonly Regex State = new(
        @"^ *[0-9]{1,7}: ?(?:\(|R[0-9]|safe|frame|$)|^ *R[0-9]{1,2}(?:_[a-z]{1,3})?=|^\[[0-9]{1,9}\] [A-Z_0-9]{3,12} ",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public static bool Is(string text)
    {
        var trimmed = text.AsSpan().TrimStart();
        if (trimmed.IsEmpty || trimmed is "--") return true;
        foreach (var start in Starts)
            if (trimmed.StartsWith(start, StringComparison.Ordinal)) return true;
        foreach (var part in Parts)
            if (text.Contains(part, StringComparison.Ordinal)) return true;
        return State.IsMatch(text);
    }
}
