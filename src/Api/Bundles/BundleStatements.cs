using Relo.Api.Trust;
using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Api.Bundles;

/// <summary>What the statements of a bundle say: one for each object, about all kernels that it is for.</summary>
/// <param name="begun">The bundle.</param>
/// <param name="name">File name of the object.</param>
internal sealed class BundleStatements(BundleBegun begun, string name)
{
    /// <summary>The suffix of an envelope's file, after the name of its object.</summary>
    public const string Suffix = ".dsse.json";

    private readonly Dictionary<Digest, Known> _known = [];

    /// <summary>All of them, sorted by the digest of the object.</summary>
    public IEnumerable<StatementFacts> All => _known.OrderBy(one => one.Key.Hex, StringComparer.Ordinal).Select(one => new StatementFacts(
        new(name, one.Key, one.Value.SizeBytes), [new("object", begun.Object, begun.SizeBytes), .. one.Value.Btf], one.Value.Kernels,
        one.Value.Verdict, Summary: null));

    /// <summary>Adds a part. The first part with an object has its bytes.</summary>
    public void Add(UsablePart part)
    {
        if (!_known.TryGetValue(part.Digest, out var known)) _known.Add(part.Digest, known = new(part.Bytes!.Value.Length));
        known.Kernels.Add(part.Kernel.Id);
        known.Btf.UnionWith(part.Btf);
        if (part.Verdict > known.Verdict) known.Verdict = part.Verdict;
    }

    private sealed class Known(long sizeBytes)
    {
        public long SizeBytes { get; } = sizeBytes;

        public List<string> Kernels { get; } = [];

        public HashSet<StatementFile> Btf { get; } = [];

        public Verdict Verdict { get; set; }
    }
}
