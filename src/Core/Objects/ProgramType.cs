namespace Relo.Core.Objects;

/// <summary>The program type that a section name implies.</summary>
/// <param name="Name">The type's name as libbpf prints it, in kebab-case: <c>kprobe</c>, <c>raw-tracepoint</c>, … or
/// <c>unknown</c>.</param>
/// <param name="NeedsKernelBtf">Whether loading looks up the attach point in the node's own kernel BTF, regardless of relocation.</param>
public sealed record ProgramType(string Name, bool NeedsKernelBtf);
