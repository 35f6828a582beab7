using Relo.Conformance.Comparison;
using Relo.Conformance.Corpus;
using Relo.Conformance.Generated;
using Relo.Conformance.Oracle;
using Relo.Core;
using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;

namespace Relo.Fuzz.Harnesses;

/// <summary>
/// Our relocation beside libbpf's. The oracle of the Conformance tests lives as long as the harness and is asked about every pair that we
/// do not refuse as malformed; outcome and bytes must be the same. libbpf checks little of BTF, so it may die of what we read.
/// </summary>
internal static class AgainstLibbpf
{
    private static readonly Lazy<LibbpfOracle> Oracle = new(() => new(secondsPerPair: 2));
    private static readonly Lazy<TemporaryFolder> Folder = new(() =>
    {
        var folder = new TemporaryFolder(InMemory);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    // Two files are written for each input.
    private const string InMemory = "/dev/shm";

    public static IReadOnlyList<Harness> All { get; } =
    [
        new("libbpf", "types, records and a kernel's types: relocated as libbpf relocates them", MadePairSeeds.All, Run)
        {
            MaxBytes = MadePairSeeds.MaxBytes,
            Words = AccessTypes.Words,
            Mutations = 2_000,
            Lacks = File.Exists(Cache.Tool("oracle")) ? null : $"{Cache.Tool("oracle")} is missing; tests/corpus/make makes it",
        },
    ];

    private static void Run(byte[] input)
    {
        var pair = MadePair.Read(input);
        var bpf = BpfObject.Read(pair.Object);
        var kernel = BtfReader.Read(pair.Target);
        var ours = Relocator.Relocate(bpf, kernel, new WorkBudget(3_000_000, CancellationToken.None));
        if (bpf.Records.Length == 0) return;
        var (bpfPath, kernelPath) = (Folder.Value.Write("o", pair.Object), Folder.Value.Write("btf", pair.Target));
        var theirs = Oracle.Value.Ask(bpfPath, kernelPath);
        if (IsOutOfBudget(ours) || IsNewer(kernel) || IsOlder(bpf)) return;
        var result = PairComparison.Compare(
            new ObjectFile(pair.Object), bpf, theirs, ours, () => Oracle.Value.Ask(bpfPath, kernelPath, verbose: true));
        Objects.Must(result.Differences.Count == 0, string.Join('\n', result.Differences));
    }

    private static bool IsOutOfBudget(RelocationOutcome ours) =>
        ours is RelocationFailed failed && failed.Message.EndsWith($" {Errno.Budget}", StringComparison.Ordinal);

    /// <summary>
    /// Whether Debian's libbpf 1.1 may differ from today's here (see <see cref="KnownExceptions"/>): the signedness of what has none
    /// (f3bdb54f09ab), and the size of whole arrays (d7a4ab15).
    /// </summary>
    private static bool IsOlder(BpfObject bpf)
    {
        foreach (var record in bpf.Records)
        {
            if (bpf.Specs[record.Spec].Spec is not { } spec || !record.Relo.Kind.IsFieldBased()) continue;
            var kind = EndKind(spec);
            if (record.Relo.Kind is CoreReloKind.FieldSigned && kind is not (BtfKind.Int or BtfKind.Enum or BtfKind.Enum64)) return true;
            if (record.Relo.Kind is CoreReloKind.FieldByteOffset && kind is BtfKind.Array) return true;
        }
        return false;
    }

    /// <summary>Whether it has kinds that came after ENUM64, which libbpf 1.1 does not read.</summary>
    private static bool IsNewer(BtfTypes kernel)
    {
        for (var id = 0u; id < (uint)kernel.Count; id++)
            if (kernel[id].Kind > BtfKind.Enum64) return true;
        return false;
    }

    private static BtfKind EndKind(AccessSpec spec)
    {
        var last = spec.Accessors[^1];
        var id = last.IsNamed ? spec.Types.Member(spec.Types[last.TypeId], last.Index).TypeId : last.TypeId;
        return spec.Types.SkipModifiers(id).Kind;
    }
}
