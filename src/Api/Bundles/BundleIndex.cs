using Relo.Api.Relocations;
using Relo.Core.Bytes;
using Relo.Core.Checks;

namespace Relo.Api.Bundles;

/// <summary>The contents of a bundle: its <c>index.json</c>.</summary>
/// <param name="Object">The object as uploaded.</param>
/// <param name="FailOn">The outcomes that were left out; null for none.</param>
/// <param name="Kernels">Id of the kernel → path of its file.</param>
/// <param name="Files">Path of the file → its relocated object.</param>
/// <param name="Unusable">Id of the kernel → the reason why it has no file.</param>
/// <param name="Absent">Id of a kernel that has a file → what it lacks, so that the file will not load.</param>
internal sealed record BundleIndex(
    BundledObject Object, string? FailOn, SortedDictionary<string, string> Kernels, SortedDictionary<string, BundledFile> Files,
    SortedDictionary<string, UnusableReason> Unusable, SortedDictionary<string, IReadOnlyList<Check>> Absent)
{
    /// <summary>An empty index.</summary>
    public BundleIndex(BundledObject bpf, FailOn failOn)
        : this(bpf, failOn == Relocations.FailOn.Nothing ? null : failOn.Text(), new(StringComparer.Ordinal), new(StringComparer.Ordinal),
            new(StringComparer.Ordinal), new(StringComparer.Ordinal))
    { }

    /// <summary>The path of a relocated object.</summary>
    public static string PathOf(Digest relocated) => $"objects/{relocated.Hex}.bpf.o";

    /// <summary>Adds a part.</summary>
    public void Add(BundlePart part)
    {
        switch (part)
        {
            case UsablePart usable:
                var path = PathOf(usable.Digest);
                Kernels.Add(usable.Kernel.Id, path);
                if (usable.Lacking.Count > 0) Absent.Add(usable.Kernel.Id, usable.Lacking);
                if (usable.Bytes is { Length: var size }) Files.Add(path, new BundledFile(usable.Digest, size, usable.Verdict));
                // Kernels of different versions may have different verdicts for the same bytes: the worst counts.
                else if (Files[path] is var file && usable.Verdict > file.Verdict) Files[path] = file with { Verdict = usable.Verdict };
                break;
            case UnusablePart unusable:
                Unusable.Add(unusable.Kernel.Id, new UnusableReason(unusable.Kind.Code, unusable.Detail));
                break;
            default:
                throw new InvalidOperationException(part.GetType().Name);
        }
    }
}
