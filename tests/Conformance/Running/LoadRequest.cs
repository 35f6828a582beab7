namespace Relo.Conformance.Running;

/// <summary>A line for oracle/loader.c.</summary>
/// <param name="Path">The object.</param>
/// <param name="Whole">The object as libbpf loads it by default, rather than each program alone.</param>
/// <param name="Configuration">Kernel configuration that goes before the running kernel's, entries separated by semicolons.</param>
public sealed record LoadRequest(string Path, bool Whole = false, string? Configuration = null)
{
    public override string ToString() => $"{(Whole ? 'o' : 'p')}\t{Path}{(Configuration is null ? "" : $"\t{Configuration}")}";
}
