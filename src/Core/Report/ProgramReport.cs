using System.Text.Json.Serialization;
using Relo.Core.Reachability;

namespace Relo.Core.Report;

/// <summary>A program of the object.</summary>
/// <param name="Name">Name of its function.</param>
/// <param name="Section">ELF section, which names its type and attach point.</param>
/// <param name="Type">Program type by libbpf's section rules (<c>tracing</c>, <c>kprobe</c>, …), <c>subprogram</c> for functions in
/// <c>.text</c>, <c>unknown</c> otherwise.</param>
/// <param name="Instructions">Number of 8-byte instruction slots.</param>
/// <param name="NeedsKernelBtf">Whether loading needs the node's own kernel BTF, regardless of relocation.</param>
/// <param name="Optional">Whether the section name begins with <c>?</c>: loaders load the program only on request.</param>
public sealed record ProgramReport(string Name, string Section, string Type, int Instructions, bool NeedsKernelBtf, bool Optional)
{
    /// <summary>Its verdict on the kernel; for a function in <c>.text</c>, that of its own instructions. Null without a kernel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Verdict? Verdict { get; init; }

    /// <summary>Its instructions, if the client asked for them with <c>include=disassembly</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IEnumerable<DisassembledInstruction>? Disassembly { get; init; }
}
